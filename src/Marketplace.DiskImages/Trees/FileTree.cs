using System.Text;
using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Trees;

/// <summary>
/// A read-only tree of files of one system: the assembled disk, or a running machine. Paths are absolute, separated by
/// <c>/</c>, as <see cref="FileName"/> decodes names. Links are followed inside the tree only, absolute targets from its root.
/// </summary>
/// <remarks>
/// "Not there" and "could not be read" are different answers everywhere: the first is null or false, the second a
/// <see cref="DiskFormatException"/>. A path below a mount point whose file system cannot be read is the second.
/// </remarks>
public abstract class FileTree
{
    /// <summary>The most symbolic links one path may pass through, as the Linux kernel has it.</summary>
    public const int MaxLinkHops = 40;

    /// <summary>The file at the path with links followed, or null when there is none (a dangling or circular link included).</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="DiskFormatException">The path cannot be read.</exception>
    public abstract FileStat? Stat(string path);

    /// <summary>The file at the path without following a link in the last name, or null when there is none.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="DiskFormatException">The path cannot be read.</exception>
    public abstract FileStat? LinkStat(string path);

    /// <summary>The names in a directory in ordinal order, links followed; empty when the path is not a directory or not there.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="DiskFormatException">The directory cannot be read.</exception>
    public abstract IReadOnlyList<string> List(string path);

    /// <summary>The target of the symbolic link at the path, not resolved, or null when there is no link at the path.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="DiskFormatException">The link cannot be read.</exception>
    public abstract string? ReadLink(string path);

    /// <summary>Reads data of the regular file at the path, links followed.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="offset">First byte to read.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <returns>The number of bytes read, 0 at the end of the file; -1 when there is no regular file at the path.</returns>
    /// <exception cref="DiskFormatException">The data cannot be read.</exception>
    public abstract int Read(string path, long offset, Span<byte> destination);

    /// <summary>Whether there is a regular file at the path, links followed.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="DiskFormatException">The path cannot be read.</exception>
    public bool FileExists(string path) => Stat(path) is { Kind: FileKind.Regular };

    /// <summary>Whether there is a directory at the path, links followed.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="DiskFormatException">The path cannot be read.</exception>
    public bool DirectoryExists(string path) => Stat(path) is { Kind: FileKind.Directory };

    /// <summary>The whole data of the regular file at the path, or null when there is none.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="maxBytes">The largest file that is read, in bytes.</param>
    /// <exception cref="DiskFormatException">The data cannot be read, or the file is larger (<see cref="DiskFormatErrorKind.Unsupported"/>).</exception>
    public byte[]? ReadAllBytes(string path, int maxBytes = 16 * 1024 * 1024)
    {
        if (Stat(path) is not { Kind: FileKind.Regular } stat)
        {
            return null;
        }

        if (stat.Size > maxBytes)
        {
            throw DiskFormatException.Unsupported(FileName.ToDisplay(path), -1, $"the file has {stat.Size} bytes, at most {maxBytes} are read");
        }

        byte[] data = new byte[stat.Size];
        int total = 0;
        while (total < data.Length)
        {
            int read = Read(path, total, data.AsSpan(total));
            if (read <= 0)
            {
                throw DiskFormatException.Truncated(FileName.ToDisplay(path), total, $"the data ends before the {stat.Size} bytes the file claims");
            }

            total += read;
        }

        return data;
    }

    /// <summary>The text of the regular file at the path, or null when there is none. Bytes that are not UTF-8 become U+FFFD.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="maxBytes">The largest file that is read, in bytes.</param>
    /// <exception cref="DiskFormatException">The data cannot be read, or the file is larger.</exception>
    public string? ReadAllText(string path, int maxBytes = 16 * 1024 * 1024) =>
        ReadAllBytes(path, maxBytes) is { } data ? Encoding.UTF8.GetString(data) : null;
}
