using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.InitialRamDisks.Compression;
using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.InitialRamDisks;

/// <summary>
/// Lists the entries of an initial RAM disk (initramfs) as the Linux kernel unpacks it: cpio archives one after another,
/// uncompressed or compressed by gzip, Zstandard, XZ or LZ4.
/// </summary>
public static class InitialRamDisk
{
    /// <summary>Visits the entries of the regular file at a path.</summary>
    /// <param name="tree">The files.</param>
    /// <param name="path">An absolute path; links are followed.</param>
    /// <param name="visit">Told each entry in the order of the file; false to stop.</param>
    /// <returns>True when the whole file was visited, false when the visitor stopped.</returns>
    /// <exception cref="DiskFormatException">The file is not there, damaged, compressed in another way, or beyond all bounds.</exception>
    public static bool Visit(FileTree tree, string path, Func<CpioEntry, bool> visit) => Visit(tree, path, 0, long.MaxValue, visit);

    /// <summary>Visits the entries of an initial RAM disk inside another file, such as a unified kernel image.</summary>
    /// <param name="tree">The files.</param>
    /// <param name="path">An absolute path; links are followed.</param>
    /// <param name="offset">First byte of it.</param>
    /// <param name="length">Number of its bytes; what goes past the end of the file is not there.</param>
    /// <param name="visit">Told each entry in the order of the file; false to stop.</param>
    /// <returns>True when the whole file was visited, false when the visitor stopped.</returns>
    /// <exception cref="DiskFormatException">The file is not there, damaged, compressed in another way, or beyond all bounds.</exception>
    public static bool Visit(FileTree tree, string path, long offset, long length, Func<CpioEntry, bool> visit)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(visit);
        using DiskContent file = TreeFileContent.Open(tree, path) ?? throw DiskFormatException.Truncated(FileName.ToDisplay(path), -1, "there is no such file");
        using DiskContent content = file.Slice(offset, Math.Min(length, file.Length - offset));
        return Visit(content, visit);
    }

    /// <summary>Visits the entries.</summary>
    /// <exception cref="DiskFormatException">It is damaged, compressed in another way, or beyond all bounds.</exception>
    internal static bool Visit(DiskContent content, Func<CpioEntry, bool> visit)
    {
        if (content.Length > InitramfsFormat.MaxFileSize)
        {
            throw DiskFormatException.Unsupported(InitramfsFormat.Structure, -1, $"it has {content.Length} bytes, at most {InitramfsFormat.MaxFileSize} are read");
        }

        ForwardReader reader = new(content);
        CpioScanner scanner = new(visit);
        bool any = false;
        while (!reader.IsAtEnd && !scanner.IsStopped)
        {
            ReadOnlySpan<byte> bytes = reader.Peek();
            int zeros = bytes.IndexOfAnyExcept((byte)0);
            if (zeros != 0)
            {
                reader.Position += zeros < 0 ? bytes.Length : zeros;
                continue;
            }

            any = true;
            long start = reader.Position;
            if (bytes[0] == '0')
            {
                ReadArchive(reader, scanner);
            }
            else
            {
                Unpacker.Unpack(reader, scanner.WriteUnpacked);
            }

            if (!scanner.IsStopped && !scanner.IsBetweenEntries)
            {
                throw DiskFormatException.Truncated("cpio archive", start, "it ends within an entry");
            }

            scanner.EndArchive();
        }

        return any ? !scanner.IsStopped : throw DiskFormatException.Corrupt(InitramfsFormat.Structure, 0, "it holds nothing but zeros");
    }

    private static void ReadArchive(ForwardReader reader, CpioScanner scanner)
    {
        do
        {
            // The data of files need not be read.
            long taken = scanner.PendingSkip;
            if (taken == 0)
            {
                taken = scanner.Write(reader.Peek());
            }
            else if (taken <= reader.Remaining)
            {
                scanner.Skip(taken);
            }
            else
            {
                throw DiskFormatException.Truncated("cpio archive", reader.Position, $"the data of a file has {taken} more bytes, {reader.Remaining} are left");
            }

            reader.Position += taken;
        }
        while (!reader.IsAtEnd && !scanner.IsBetweenArchives && !scanner.IsStopped);
    }
}
