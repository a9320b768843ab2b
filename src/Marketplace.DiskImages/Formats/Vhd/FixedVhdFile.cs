using Marketplace.DiskImages.Content;
using Microsoft.Win32.SafeHandles;

namespace Marketplace.DiskImages.Formats.Vhd;

/// <summary>Writes a disk as a fixed VHD, sparse: pages of zeros are not stored.</summary>
public static class FixedVhdFile
{
    private const int PageSize = 4096;
    private const int BufferSize = 1 << 20;

    /// <summary>Writes the file under another name beside it first, so that a file of the name is always a whole disk.</summary>
    /// <param name="view">The disk as a fixed VHD.</param>
    /// <param name="path">The file to make; one that is there is replaced.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left.</param>
    /// <exception cref="DiskFormatException">The disk cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be written, or the medium of the disk failed.</exception>
    public static void Write(FixedVhdView view, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string partial = path + ".partial";
        try
        {
            using (SafeFileHandle file = File.OpenHandle(partial, FileMode.Create, FileAccess.Write))
            {
                if (OperatingSystem.IsWindows())
                {
                    WindowsExtents.MarkSparse(file);
                }

                RandomAccess.SetLength(file, view.Length);
                Copy(view, file, cancellationToken);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private static void Copy(FixedVhdView view, SafeFileHandle file, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferSize];
        foreach (Extent extent in view.GetAllocatedExtents())
        {
            for (long offset = extent.Offset; offset < extent.End;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<byte> part = buffer.AsSpan(0, (int)Math.Min(BufferSize, extent.End - offset));
                view.Read(offset, part);
                WritePages(file, part, offset);
                offset += part.Length;
            }
        }
    }

    /// <summary>Writes runs of pages that are not all zero.</summary>
    private static void WritePages(SafeFileHandle file, ReadOnlySpan<byte> part, long offset)
    {
        int start = 0;
        for (int position = 0; position < part.Length; position += PageSize)
        {
            int end = Math.Min(position + PageSize, part.Length);
            if (!part[position..end].ContainsAnyExcept((byte)0))
            {
                RandomAccess.Write(file, part[start..position], offset + start);
                start = end;
            }
        }

        RandomAccess.Write(file, part[start..], offset + start);
    }
}
