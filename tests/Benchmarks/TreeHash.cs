using System.Security.Cryptography;
using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;

namespace Benchmarks;

/// <summary>The SHA-256 of every regular file of an image by this library.</summary>
internal static class TreeHash
{
    /// <summary>Larger files are left out on both sides.</summary>
    public const int MaxSize = 8 << 20;

    /// <summary>Opens an image, walks the tree of its only volume and hashes every file, as often as it has names.</summary>
    /// <param name="path">The image.</param>
    /// <returns>The hashes as hexadecimal digits, in the order of the disk.</returns>
    public static List<string> Compute(string path)
    {
        using DiskImage image = DiskImage.Open(path);
        FileSystem files = DiskLayout.Read(image.Disk!).Volumes[0].FileSystem ?? throw new InvalidOperationException($"{path} has no file system that is read.");
        List<string> hashes = [];
        byte[] buffer = new byte[MaxSize];
        Stack<FileNode> directories = new([files.Root]);
        while (directories.TryPop(out FileNode? directory))
        {
            foreach (DirectoryEntry entry in directory.EnumerateDirectory())
            {
                if (entry.Node.Kind == FileKind.Directory)
                {
                    directories.Push(entry.Node);
                }
                else if (entry.Node is { Kind: FileKind.Regular, Size: <= MaxSize })
                {
                    hashes.Add(Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, ReadAll(entry.Node, buffer)))));
                }
            }
        }

        return hashes;
    }

    private static int ReadAll(FileNode file, byte[] buffer)
    {
        int total = 0;
        while (total < file.Size && file.Read(total, buffer.AsSpan(total, (int)file.Size - total)) is > 0 and int read)
        {
            total += read;
        }

        return total;
    }
}
