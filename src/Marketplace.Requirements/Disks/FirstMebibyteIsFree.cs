using Marketplace.DiskImages;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Partitions;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1010: no partition of a GPT OS disk starts in the first MiB.</summary>
internal sealed class FirstMebibyteIsFree : Requirement
{
    /// <summary>The entries of a usual GPT (128 of 128 bytes) end with this sector of 512 bytes.</summary>
    private const int FirstUsableSector = 34;

    public override string Id => "MKT1010";

    public override string Title => "First MiB of the OS disk is free";

    public override Criterion Current { get; } = new(Severity.Error, "no partition of a GPT OS disk starts before sector 2048, so that the first MiB is free", "VM certification FAQ (2022), for images without an approved base");

    public override string Why => "The first MiB of an OS disk that is not made from an approved base is reserved for the platform";

    public override string Remedy => "move or recreate the partition so that it starts at sector 2048 or later: sgdisk --new=14:2048:+1M --typecode=14:ef02, then grub-install";

    public override CheckResult Check(ImageContext context)
    {
        DiskUnderCheck disk = context.RequireOSDisk();
        DiskLayout layout = context.RequireOSLayout();
        if (layout.Table is not { Kind: PartitionTableKind.Gpt } table)
        {
            return CheckResult.NotApplicable("the OS disk has no GPT");
        }

        List<Observation> observations = [.. table.Partitions
            .Where(partition => partition.Offset < SizeText.MiB)
            .Select(partition => new Observation(disk.Path, $"partition {partition.Number} of the OS disk starts at sector {partition.Offset / table.SectorSize}"))];
        if (observations.Count == 0 && table.SectorSize == 512 && HasDataBeforePartitions(layout.Disk))
        {
            // Only some readings of the rule mind such data; it is worth knowing, no more.
            observations.Add(new Observation(disk.Path, "there is data between the GPT and sector 2048 of the OS disk") { Current = Severity.Info });
        }

        return CheckResult.From(observations);
    }

    private static bool HasDataBeforePartitions(DiskContent disk)
    {
        const int start = FirstUsableSector * 512;
        byte[] gap = new byte[SizeText.MiB - start];
        if (disk.Length < SizeText.MiB)
        {
            return false;
        }

        disk.Read(start, gap);
        return gap.AsSpan().ContainsAnyExcept((byte)0);
    }
}
