using System.Diagnostics;
using System.Globalization;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Testing;
using Marketplace.DiskImages.Trees;

namespace Benchmarks;

/// <summary>Opens a system disk and reads the files that requirements ask for first, from the cold: how long it takes and how much is read.</summary>
/// <param name="Name">The group first.</param>
/// <param name="Packed">The disk, a path inside the repository.</param>
internal sealed record FactsRead(string Name, string Packed)
{
    /// <summary>Names the work in the arguments of this program when it is started again.</summary>
    public const string Verb = "--facts";

    // Every distribution has most of them and lacks some; looking for one in vain is work as well.
    private static readonly string[] Files =
    [
        "/etc/os-release", "/etc/fstab", "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/hostname", "/etc/machine-id",
        "/etc/ssh/sshd_config", "/etc/waagent.conf", "/etc/default/grub", "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg",
        "/etc/cloud/cloud.cfg", "/etc/resolv.conf", "/etc/apt/sources.list", "/root/.bash_history", "/root/.ssh/authorized_keys",
        "/var/lib/dpkg/status", "/var/lib/cloud/data/instance-id", "/usr/lib/os-release", "/usr/sbin/waagent", "/usr/sbin/sshd",
    ];

    public static FactsRead[] All =>
    [
        new("facts-30gib-ext4", "samples/ContosoAppliance/disks/os.sparse.gz"),
        new("facts-30gib-xfs", "tests/fixtures/layouts/disks/xfs.sparse.gz"),
        new("facts-30gib-btrfs", "tests/fixtures/layouts/disks/btrfs-snapshot.sparse.gz"),
        new("facts-30gib-lvm-xfs", "tests/fixtures/layouts/disks/lvm-xfs.sparse.gz"),
    ];

    /// <summary>The line of the table.</summary>
    public string Run(string folder, int rounds)
    {
        string path = Path.Combine(folder, Name + ".vhd");
        ImageFile.Expand(path, () => Fixture.LoadFile(Path.Combine(ImageFile.Repository, Packed)));
        (int found, long bytes) = Read(path);
        double[] warm = new double[rounds];
        double[] process = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            warm[i] = Time(() => Read(path));
            process[i] = Time(() => Tool.RunSelf(Verb, path));
        }

        return string.Create(CultureInfo.InvariantCulture, $"| {Name} | {new FileInfo(path).Length >> 30} GiB | {found} of {Files.Length} | {PairedRounds.Median(warm):F0} | {warm.Max():F0} | {PairedRounds.Median(process):F0} | {bytes / 1048576.0:F2} |");
    }

    /// <summary>Opens the disk and reads the files that are there.</summary>
    /// <returns>How many there were, and how many bytes of the image were read.</returns>
    public static (int Found, long Bytes) Read(string path)
    {
        CountingContent counting = new(FileContent.Open(path));
        using DiskImage image = DiskImage.Open(counting);
        SystemTree tree = SystemTree.Assemble(DiskLayout.Read(image.Disk!)) ?? throw new InvalidOperationException($"{path} has no system that is read.");
        return (Files.Count(file => tree.ReadAllBytes(file) is not null), counting.BytesRead);
    }

    private static double Time(Action action)
    {
        ColdCache.Drop();
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
