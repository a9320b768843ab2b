using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Systems;

/// <summary>Swap that the files of a system hold or switch on.</summary>
internal static class SwapFacts
{
    // The signature stands at the end of the first page: 4 KiB on x86, up to 64 KiB on arm64 (mkswap).
    private static readonly int[] PageSizes = [4096, 8192, 16384, 65536];

    private static readonly string[] UsualFiles = ["/swapfile", "/swap.img", "/swap", "/swap.swap", "/var/swap", "/var/swapfile", "/swap/swapfile", "/var/vm/swapfile0"];

    // Where Azure's resource disk is mounted, and devices that are never on a disk of the image.
    private static readonly string[] ResourceDiskPrefixes =
        ["/mnt/", "/dev/disk/cloud/azure_resource", "/dev/disk/azure/resource", "/dev/zram", "/dev/sdb"];

    private static readonly string[] UnitDirectories = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

    /// <summary>Finds it.</summary>
    /// <param name="disk">Path of the OS disk, for observations.</param>
    /// <param name="system">The system.</param>
    public static IEnumerable<Observation> Find(string disk, LinuxSystem system)
    {
        FileTree tree = system.Tree;
        HashSet<string> told = new(StringComparer.Ordinal);
        foreach (FstabEntry entry in system.Fstab.Where(entry => entry.IsSwap))
        {
            bool isPath = entry.Source.StartsWith('/') && !entry.Source.StartsWith("/dev/", StringComparison.Ordinal);
            bool exists = isPath && tree.FileExists(entry.Source);
            if ((!exists && IsElsewhere(entry.Source)) || !told.Add(entry.Source))
            {
                continue;
            }

            string what = isPath ? (exists ? "the swap file " : "a swap file that is not there, ") : "swap on ";
            yield return new Observation(disk, $"/etc/fstab switches on {what}{Evidence.Quote(entry.Source)}")
            {
                PathInDisk = "/etc/fstab",
                Line = entry.LineNumber,
                Evidence = $"{entry.Source} {entry.MountPoint} {entry.Type} {entry.Options}",
            };
        }

        foreach (string path in UsualFiles.Where(path => !told.Contains(path) && IsSwapFile(tree, path)))
        {
            told.Add(path);
            yield return new Observation(disk, "there is a swap file on the OS disk") { PathInDisk = path, Remedy = $"swapoff {path}; rm {path}" };
        }

        foreach (Observation unit in FindUnits(disk, tree, told))
        {
            yield return unit;
        }

        if (system.Services.FindEnablement(["dphys-swapfile"], [".service"]) is { } enabledBy)
        {
            yield return new Observation(disk, "the service dphys-swapfile makes a swap file at boot") { PathInDisk = enabledBy, Remedy = "apt-get purge dphys-swapfile" };
        }
    }

    /// <summary>Whether a source of swap is not on a disk of the image: the resource disk, or compressed memory.</summary>
    public static bool IsElsewhere(string source) =>
        ResourceDiskPrefixes.Any(prefix => source.StartsWith(prefix, StringComparison.Ordinal)) || source.Contains("zram", StringComparison.Ordinal);

    /// <summary>Whether the file has a swap signature.</summary>
    public static bool IsSwapFile(FileTree tree, string path)
    {
        if (tree.Stat(path) is not { Kind: FileKind.Regular } stat || stat.Size < PageSizes[0])
        {
            return false;
        }

        byte[] start = new byte[(int)Math.Min(stat.Size, PageSizes[^1])];
        int length = 0;
        while (length < start.Length && tree.Read(path, length, start.AsSpan(length)) is > 0 and int read)
        {
            length += read;
        }

        return PageSizes.Any(page => page <= length && start.AsSpan(page - 10, 10) is var mark && (mark.SequenceEqual("SWAPSPACE2"u8) || mark.SequenceEqual("SWAP-SPACE"u8)));
    }

    private static IEnumerable<Observation> FindUnits(string disk, FileTree tree, HashSet<string> told)
    {
        foreach (string directory in UnitDirectories)
        {
            foreach (string wants in tree.List(directory).Where(name => name.EndsWith(".wants", StringComparison.Ordinal) || name.EndsWith(".requires", StringComparison.Ordinal)))
            {
                foreach (string name in tree.List(directory + "/" + wants).Where(name => name.EndsWith(".swap", StringComparison.Ordinal)))
                {
                    string? unit = UnitDirectories.Select(candidate => candidate + "/" + name).FirstOrDefault(tree.FileExists);
                    string? what = unit is null ? null : WhatOf(tree.ReadAllText(unit, 1 << 20) ?? "");
                    if (unit is not null && what is { Length: > 0 } && !IsElsewhere(what) && told.Add(what))
                    {
                        yield return new Observation(disk, $"a systemd unit switches on swap on {Evidence.Quote(what)}") { PathInDisk = unit, Remedy = $"systemctl disable {name}, and delete the swap" };
                    }
                }
            }
        }
    }

    private static string WhatOf(string unit) =>
        TextLines.Of(unit).Select(line => line.Text.Trim()).LastOrDefault(line => line.StartsWith("What=", StringComparison.Ordinal))?["What=".Length..].Trim() ?? "";
}
