using Marketplace.DiskImages.Content;
using Microsoft.Win32.SafeHandles;

namespace Marketplace.DiskImages.Tests;

/// <summary>A file of a test, gone when it is disposed.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private TemporaryFile(string path) => Path = path;

    public string Path { get; }

    public static TemporaryFile From(DiskContent content, string extension = ".img")
    {
        TemporaryFile file = new(System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName() + extension));
        using SafeFileHandle handle = File.OpenHandle(file.Path, FileMode.CreateNew, FileAccess.Write);
        RandomAccess.SetLength(handle, content.Length);
        byte[] buffer = new byte[1 << 16];
        foreach (Extent extent in content.GetAllocatedExtents())
        {
            for (long done = 0; done < extent.Length; done += buffer.Length)
            {
                Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, extent.Length - done));
                content.Read(extent.Offset + done, part);
                RandomAccess.Write(handle, part, extent.Offset + done);
            }
        }

        return file;
    }

    public static TemporaryFile From(byte[] bytes, string extension = ".img") => From(new MemoryContent(bytes), extension);

    public void Dispose() => File.Delete(Path);
}
