using Marketplace.DiskImages.Formats.Vhd;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1003: the file is as long as its footer says.</summary>
internal sealed class FileLengthMatchesFooter : DiskRequirement
{
    public override string Id => "MKT1003";

    public override string Title => "File length is virtual size plus footer";

    public override Criterion Guide { get; } = new(Severity.Error, "the file of a fixed VHD is as long as the current size in its footer plus 512 bytes", "Virtual Hard Disk Image Format Specification 1.0: what a fixed VHD is");

    public override Criterion Current { get; } = new(Severity.Error, "the file of a fixed VHD is as long as the current size in its footer plus 512 bytes", "VM certification FAQ (2022): the blob is the virtual size plus the footer");

    public override string Why => "A file that is shorter or longer was cut off, appended to, or written by a faulty tool. Its files are not looked at before this is mended";

    public override string Remedy => "copy the file again without cutting it off, or convert it again: qemu-img convert -O vpc -o subformat=fixed,force_size disk.raw disk.vhd";

    protected override string NothingToCheck => "no disk is a fixed VHD; MKT1002 speaks of other formats";

    protected override bool IsAbout(ImageContext context, DiskUnderCheck disk) => disk.IsConverted || !disk.IsInContainer;

    protected override IEnumerable<Observation> CheckDisk(ImageContext context, DiskUnderCheck disk)
    {
        if (disk.IsConverted)
        {
            // The footer is made when it is published.
            yield break;
        }

        disk.RequireFixedVhd();
        IReadOnlyList<VhdProblem> problems = disk.RequireFooterProblems();
        if (problems.Any(problem => problem.Kind == VhdProblemKind.Checksum))
        {
            throw new CannotCheckException($"the VHD footer of {disk.Declaration.DisplayPath} is damaged", reported: true) { ReportedBy = ["MKT1001"] };
        }

        if (problems.FirstOrDefault(problem => problem.Kind == VhdProblemKind.Length) is { } length)
        {
            disk.ContainerIsFaulty = true;
            yield return new Observation(disk.Path, $"{disk.Declaration.DisplayPath}: {length.Detail}");
        }
    }
}
