using Marketplace.DiskImages;
using Marketplace.DiskImages.Formats;
using Marketplace.DiskImages.Formats.Vhd;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1001: every disk ends with a valid VHD footer.</summary>
internal sealed class VhdFooterIsValid : DiskRequirement
{
    public override string Id => "MKT1001";

    public override string Title => "Valid VHD footer";

    public override string Section => "2.1";

    public override Criterion Guide { get; } = new(Severity.Error, "the file is a fixed VHD, which ends with a valid footer of 512 bytes", "Guide, 2.1 and 3.4; Virtual Hard Disk Image Format Specification 1.0");

    public override Criterion Current { get; } = new(Severity.Error, "the file is a fixed VHD, which ends with a valid footer of 512 bytes", "VM certification FAQ (2022): cookie conectix");

    public override string Why => "Azure reads the footer before anything else. Without a valid one the blob is not a disk to it";

    public override string Remedy => "convert the disk again: qemu-img convert -O vpc -o subformat=fixed,force_size disk.raw disk.vhd";

    private const string ConvertRemedy = "set Convert=\"true\" on the item, so that the raw disk is published as a fixed VHD, or convert it: qemu-img convert -O vpc -o subformat=fixed,force_size disk.raw disk.vhd";

    protected override IEnumerable<Observation> CheckDisk(ImageContext context, DiskUnderCheck disk)
    {
        DiskImage image = disk.RequireImage();
        if (disk.IsConverted)
        {
            // What is published is the fixed VHD made of it, footer included.
            yield break;
        }

        if (image.Format == DiskFormat.Empty)
        {
            yield return Fault(disk, $"{disk.Declaration.DisplayPath} is empty (0 bytes)");
            yield break;
        }

        if (image.Format == DiskFormat.Raw)
        {
            yield return Fault(disk, $"{disk.Declaration.DisplayPath} does not end with a VHD footer: {RawDiskHint.Find(image.File).Detail}",
                RawDiskHint.Find(image.File).Kind == RawDiskKind.RawDisk ? ConvertRemedy : "");
            yield break;
        }

        if (image.Format is not (DiskFormat.FixedVhd or DiskFormat.OtherVhd))
        {
            // MKT1002 names the format.
            yield break;
        }

        // Length is MKT1003; a geometry of another tool is no fault.
        string[] details = [.. disk.RequireFooterProblems()
            .Where(problem => problem.Kind is VhdProblemKind.Checksum or VhdProblemKind.Version or VhdProblemKind.DataOffset or VhdProblemKind.Features)
            .Select(problem => problem.Detail)];
        if (details.Length > 0)
        {
            yield return Fault(disk, $"The VHD footer of {disk.Declaration.DisplayPath} is damaged: {string.Join("; ", details)}");
        }
        else if (disk.RequireFooterProblems().FirstOrDefault(problem => problem.Kind == VhdProblemKind.SavedState) is { } saved)
        {
            yield return new Observation(disk.Path, saved.Detail)
            {
                Guide = Severity.Warning,
                Current = Severity.Warning,
                Remedy = "shut the machine down instead of saving its state, then copy the disk again",
            };
        }
    }

    private static Observation Fault(DiskUnderCheck disk, string found, string remedy = "")
    {
        disk.ContainerIsFaulty = true;
        return new Observation(disk.Path, found) { Remedy = remedy };
    }
}
