namespace Marketplace.DiskImages.Trees;

/// <summary>Which entries of <c>fstab</c> show files of a disk.</summary>
internal static class FstabRules
{
    public const string Path = "/etc/fstab";

    /// <summary>The largest fstab that is read, in bytes; real ones have a few KiB.</summary>
    public const int MaxSize = 1 << 20;

    /// <summary>The most entries that are mounted; real systems have some tens.</summary>
    public const int MaxMounts = 1024;

    /// <summary>Types whose files are made by the kernel or kept in memory (the <c>nodev</c> lines of <c>/proc/filesystems</c>).</summary>
    private static readonly HashSet<string> PseudoTypes = new(StringComparer.Ordinal)
    {
        "autofs", "binder", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "cpuset", "debugfs", "devfs", "devpts", "devtmpfs", "efivarfs", "fusectl",
        "hugetlbfs", "ignore", "mqueue", "none", "overlay", "proc", "pstore", "ramfs", "rpc_pipefs", "securityfs", "selinuxfs", "swap", "sysfs", "tmpfs", "tracefs", "usbfs",
    };

    /// <summary>Types whose files are on another machine.</summary>
    private static readonly HashSet<string> NetworkTypes = new(StringComparer.Ordinal)
    {
        "9p", "afs", "aznfs", "ceph", "cifs", "davfs", "fuse", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs", "virtiofs",
    };

    /// <summary>Whether the entry covers a directory with files of a local device, or with another directory, when the system starts or when it is used.</summary>
    public static bool IsMount(FstabEntry entry) =>
        entry.MountPoint.StartsWith('/')
        && (!entry.HasOption("noauto") || entry.HasOption("x-systemd.automount") || entry.FindOption("comment") == "systemd.automount")
        && (IsBind(entry) || (!PseudoTypes.Contains(entry.Type) && !IsNetwork(entry)));

    /// <summary>Whether the entry shows a directory at a second place.</summary>
    public static bool IsBind(FstabEntry entry) => entry.HasOption("bind") || entry.HasOption("rbind");

    private static bool IsNetwork(FstabEntry entry) =>
        NetworkTypes.Contains(entry.Type) || entry.Type.StartsWith("fuse.", StringComparison.Ordinal) || entry.Source.StartsWith("//", StringComparison.Ordinal);
}
