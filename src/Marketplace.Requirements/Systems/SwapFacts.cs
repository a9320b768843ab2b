using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Systems;

/// <summary>Swap that the files of a system hold or switch on.</summary>
internal static class SwapFacts
{
    private const string FstabPath = "/etc/fstab";

    // Where Azure's resource disk is mounted, and devices that are never on a disk of the image.
    private static readonly string[] ResourceDiskPrefixes =
        ["/mnt/", "/dev/disk/cloud/azure_resource", "/dev/disk/azure/resource", "/dev/disk/azure/local/", "/dev/zram", "/dev/sdb"];

    /// <summary>Finds it.</summary>
    /// <param name="disk">Path of the OS disk, for observations.</param>
    /// <param name="system">The system.</param>
    public static IEnumerable<Observation> Find(string disk, LinuxSystem system)
    {
        FileTree tree = system.Tree;
        HashSet<string> told = new(StringComparer.Ordinal);
        return FstabLines(disk, system, told)
            .Concat(EnabledUnits(disk, system, told))
            .Concat(SwapCommands.Find(disk, system, told))
            .Concat(DphysSwapFile(disk, system, told))
            .Concat(Files(disk, tree, told));
    }

    /// <summary>Whether a source of swap is not on a disk of the image: the resource disk, or compressed memory.</summary>
    public static bool IsElsewhere(string source) =>
        ResourceDiskPrefixes.Any(prefix => source.StartsWith(prefix, StringComparison.Ordinal)) || source.Contains("zram", StringComparison.Ordinal);

    /// <summary>Whether swap on a source would not be on a disk of the image, where the agent mounts the resource disk and what encrypts the source considered.</summary>
    /// <param name="system">The system.</param>
    /// <param name="source">A device or a file.</param>
    public static bool IsElsewhere(LinuxSystem system, string source)
    {
        if (IsElsewhere(source))
        {
            return true;
        }

        const string mapper = "/dev/mapper/";
        if (source.StartsWith(mapper, StringComparison.Ordinal))
        {
            return DeviceOfCrypttab(system.Tree, source[mapper.Length..]) is { } device && IsElsewhere(device);
        }

        return system.Agent.Configuration is { } configuration
            && configuration.GetSwitch("ResourceDisk.Format", defaultValue: false)
            && configuration.Get("ResourceDisk.MountPoint").TrimEnd('/') is { Length: > 0 } mountPoint
            && source.StartsWith(mountPoint + "/", StringComparison.Ordinal);
    }

    private static IEnumerable<Observation> FstabLines(string disk, LinuxSystem system, HashSet<string> told)
    {
        FileTree tree = system.Tree;
        bool off = IsTargetMasked(system);
        foreach (FstabEntry entry in system.Fstab.Where(entry => entry.IsSwap))
        {
            bool isPath = entry.Source.StartsWith('/') && !entry.Source.StartsWith("/dev/", StringComparison.Ordinal);
            bool exists = isPath && tree.FileExists(entry.Source);

            // A line that is not switched on counts only for the file that it names.
            if ((!exists && (off || entry.HasOption("noauto") || IsElsewhere(system, entry.Source))) || !told.Add(entry.Source))
            {
                continue;
            }

            string what = isPath ? (exists ? "the swap file " : "a swap file that is not there, ") : "swap on ";
            string verb = off || entry.HasOption("noauto") ? "names" : "switches on";
            yield return new Observation(disk, $"/etc/fstab {verb} {what}{Evidence.Quote(entry.Source)}")
            {
                PathInDisk = FstabPath,
                Line = entry.LineNumber,
                Evidence = $"{entry.Source} {entry.MountPoint} {entry.Type} {entry.Options}",
                Repair = new Repair(RepairStage.Configuration, RepairCommands.CommentOut(tree, FstabPath, system.Fstab.Where(other => other.IsSwap && other.Source == entry.Source).Select(other => other.LineNumber)) + (exists ? "\n" + RemoveFile(entry.Source) : "")),
            };
        }
    }

    /// <summary>Whether nothing starts what swap.target wants: the units of fstab and those that are enabled.</summary>
    private static bool IsTargetMasked(LinuxSystem system) => system.Services.MaskOf("swap.target") is not null;

    private static IEnumerable<Observation> EnabledUnits(string disk, LinuxSystem system, HashSet<string> told)
    {
        foreach (string directory in system.Services.PullingDirectories.Where(path => !path.Contains("/swap.target.", StringComparison.Ordinal) || !IsTargetMasked(system)))
        {
            foreach (string name in system.Tree.List(directory).Where(name => name.EndsWith(".swap", StringComparison.Ordinal)))
            {
                if (UnitFile.ValueOf(system.Services.ReadUnit(name), "Swap", "What") is { } what && !IsElsewhere(system, what) && told.Add(what))
                {
                    yield return new Observation(disk, $"a systemd unit switches on swap on {Evidence.Quote(what)}") { PathInDisk = Evidence.Quote(system.Services.FindUnit(name)!), Remedy = $"systemctl disable {Evidence.Word(name)}, and delete the swap", Repair = new Repair(RepairStage.Configuration, RepairCommands.Call("disable_service", name) + "\n" + RemoveFile(what)) };
                }
            }
        }
    }

    private static IEnumerable<Observation> DphysSwapFile(string disk, LinuxSystem system, HashSet<string> told)
    {
        if (system.Services.FindEnablement(["dphys-swapfile"], [".service"]) is not { } enabledBy)
        {
            yield break;
        }

        // The configuration is a shell script of assignments; /var/swap is the default of dphys-swapfile(8).
        string file = "/var/swap";
        foreach (TextLine line in TextLines.Of(system.Tree.ReadAllText("/etc/dphys-swapfile", 1 << 20) ?? ""))
        {
            string text = line.Text.Trim();
            file = text.StartsWith("CONF_SWAPFILE=", StringComparison.Ordinal) ? text["CONF_SWAPFILE=".Length..].Trim('"', '\'') : file;
            if (text == "CONF_SWAPSIZE=0")
            {
                yield break;
            }
        }

        if (!IsElsewhere(system, file))
        {
            told.Add(file);
            yield return new Observation(disk, "the service dphys-swapfile makes a swap file at boot") { PathInDisk = enabledBy, Remedy = "apt-get purge dphys-swapfile", Repair = new Repair(RepairStage.Configuration, "disable_service dphys-swapfile\n" + RemoveFile(file)) };
        }
    }

    private static IEnumerable<Observation> Files(string disk, FileTree tree, HashSet<string> told)
    {
        foreach (string path in SwapFiles.Find(tree).Where(told.Add))
        {
            string shown = Evidence.Quote(path);
            yield return new Observation(disk, "there is a swap file on the OS disk") { PathInDisk = shown, Remedy = $"swapoff {Evidence.Word(path)}; rm {Evidence.Word(path)}", Repair = new Repair(RepairStage.Configuration, RemoveFile(path)) };
        }
    }

    /// <summary>A command that removes what is a swap file, and nothing else that the words on the disk may name.</summary>
    public static string RemoveFile(string path) => RepairCommands.Call("remove_swap_file", path);

    /// <summary>The device that /etc/crypttab opens under a name (crypttab(5): name, device, key file, options), or null.</summary>
    private static string? DeviceOfCrypttab(FileTree tree, string name)
    {
        foreach (TextLine line in TextLines.Of(tree.ReadAllText("/etc/crypttab", 1 << 20) ?? ""))
        {
            if (line.Text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [var target, var device, ..] && target == name)
            {
                return device;
            }
        }

        return null;
    }
}
