using Microsoft.Win32.SafeHandles;

namespace Marketplace.DiskImages.Content;

/// <summary>The bytes of a local regular file, opened for reading and shared with other readers only.</summary>
public sealed class FileContent : DiskContent
{
    private readonly SafeFileHandle _handle;

    private FileContent(string path, SafeFileHandle handle, long length)
    {
        Path = path;
        _handle = handle;
        Length = length;
    }

    /// <summary>The path the file was opened by.</summary>
    public string Path { get; }

    /// <inheritdoc />
    public override long Length { get; }

    /// <summary>Opens a regular file; links to one are followed.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="IOException">The file is missing, is a directory, a device or a pipe, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FileContent Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' is a directory, not a file.");
        }

        // Asked before opening, because opening a pipe waits for somebody to write to it.
        if ((OperatingSystem.IsLinux() && LinuxNative.IsRegularFile(path) == false) || (OperatingSystem.IsWindows() && path.StartsWith(@"\\.\", StringComparison.Ordinal)))
        {
            throw new IOException($"'{path}' is not a regular file.");
        }

        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            return new FileContent(path, handle, RandomAccess.GetLength(handle));
        }
        catch (NotSupportedException)
        {
            handle.Dispose();
            throw new IOException($"'{path}' is not a regular file.");
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public override IEnumerable<Extent> GetAllocatedExtents() =>
        OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() ? UnixExtents.Enumerate(_handle, Length)
        : OperatingSystem.IsWindows() ? WindowsExtents.Enumerate(_handle, Length)
        : WholeFile(Length);

    internal static IEnumerable<Extent> WholeFile(long length) => length > 0 ? [new Extent(0, length)] : [];

    /// <inheritdoc />
    protected override void ReadCore(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int read = RandomAccess.Read(_handle, destination, offset);
            if (read <= 0)
            {
                throw new IOException($"'{Path}' became shorter while it was read: nothing at byte {offset} of {Length}.");
            }

            destination = destination[read..];
            offset += read;
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _handle.Dispose();
        base.Dispose(disposing);
    }
}
