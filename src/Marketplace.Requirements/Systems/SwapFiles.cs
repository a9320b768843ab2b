using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>Swap files by their signature, in the places where people put them.</summary>
internal static class SwapFiles
{
    // The signature stands in the last ten bytes of the first page: 4 KiB on x86, up to 64 KiB on arm64 (mkswap).
    private static readonly int[] PageSizes = [4096, 8192, 16384, 65536];
    private const int SignatureLength = 10;

    /// <summary>Directories whose files are looked at, not those below them.</summary>
    private static readonly string[] Directories =
        ["/", "/swap", "/var", "/var/swap", "/var/lib", "/var/lib/swap", "/var/vm", "/var/cache", "/var/cache/swap", "/var/tmp", "/root", "/usr", "/usr/local", "/tmp"];

    /// <summary>Directories where another disk is often mounted, which then is none of the image's or is looked at itself.</summary>
    private static readonly string[] OftenElsewhere = ["/opt", "/opt/swap", "/srv", "/data", "/home", "/mnt", "/mnt/resource", "/mnt/swap", "/media"];

    private const int MaxFiles = 4096;

    /// <summary>The paths of swap files in the usual directories, and of those that a swap unit names.</summary>
    /// <exception cref="DiskFormatException">A file cannot be read, or there are more than are looked at.</exception>
    public static IEnumerable<string> Find(FileTree tree)
    {
        int files = 0;
        IEnumerable<string> paths = Directories.Where(tree.DirectoryExists).SelectMany(directory => FilesIn(tree, directory))
            .Concat(OftenElsewhere.SelectMany(directory => FilesInWhatCanBeRead(tree, directory)))
            .Concat(NamedByUnits(tree));
        foreach (string path in paths)
        {
            if (++files > MaxFiles)
            {
                throw new DiskFormatException(DiskFormatErrorKind.Unsupported, path, -1, $"more than {MaxFiles} files where swap files may be");
            }

            if (HasSignature(tree, path))
            {
                yield return path;
            }
        }
    }

    private static IEnumerable<string> FilesIn(FileTree tree, string directory) =>
        tree.List(directory).Select(name => directory.TrimEnd('/') + "/" + name);

    private static string[] FilesInWhatCanBeRead(FileTree tree, string directory)
    {
        try
        {
            return [.. FilesIn(tree, directory)];
        }
        catch (DiskFormatException) when (IsOnAnotherDisk(tree, directory))
        {
            return [];
        }
    }

    /// <summary>Whether a directory is not known because what is mounted there is not on the OS disk; a volume of the disk that cannot be read may hold a swap file.</summary>
    private static bool IsOnAnotherDisk(FileTree tree, string directory) =>
        tree is SystemTree system
        && system.UnreadableMounts.Where(mount => directory == mount.Path || directory.StartsWith(mount.Path + "/", StringComparison.Ordinal)).MaxBy(mount => mount.Path.Length) is { Volume: null };

    /// <summary>Whether the file has a swap signature. A link is not looked at: the file it leads to is.</summary>
    private static bool HasSignature(FileTree tree, string path)
    {
        if (tree.LinkStat(path) is not { Kind: FileKind.Regular } stat)
        {
            return false;
        }

        byte[] mark = new byte[SignatureLength];
        return PageSizes.Any(page => page <= stat.Size
            && tree.Read(path, page - SignatureLength, mark) == SignatureLength
            && (mark.AsSpan().SequenceEqual("SWAPSPACE2"u8) || mark.AsSpan().SequenceEqual("SWAP-SPACE"u8)));
    }

    private static IEnumerable<string> NamedByUnits(FileTree tree) =>
        ServiceFacts.UnitDirectories
            .SelectMany(directory => tree.List(directory).Where(name => name.EndsWith(".swap", StringComparison.Ordinal)).Select(name => directory + "/" + name))
            .Select(unit => UnitFile.ValueOf(tree.ReadAllText(unit, 1 << 20) ?? "", "Swap", "What") ?? "")
            .Where(what => what.StartsWith('/'));
}
