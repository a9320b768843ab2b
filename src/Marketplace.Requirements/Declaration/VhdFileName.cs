using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Declaration;

/// <summary>MKT1016: file names end with .vhd and need no escaping in a URI.</summary>
internal sealed class VhdFileName : Requirement
{
    public override string Id => "MKT1016";

    public override string Title => "Name of a VHD file";

    public override string Section => "5.2";

    public override Criterion Guide { get; } = new(Severity.Error, "the name of a VHD file ends with .vhd, because the URI must have it", "Guide, 5.2");

    public override Criterion Current { get; } = new(Severity.Error, "the name of a VHD file ends with .vhd and has no space, % or quotation mark", "VM certification FAQ (2022); Generate a SAS URI (2021)");

    public override string Why => "The name becomes part of the SAS URI";

    public override string Remedy => "rename the file, for example to os-disk.vhd";

    public override CheckResult Check(ImageContext context)
    {
        List<Observation> observations = [];
        foreach (DiskDeclaration disk in context.Image.OSDisks.Concat(context.Image.DataDisks).Where(disk => disk.Path.Length > 0 && !disk.AsksForConversion))
        {
            string name = disk.IsRemote ? Uri.UnescapeDataString(disk.Path[(disk.Path.LastIndexOf('/') + 1)..]) : Path.GetFileName(disk.Path);
            if (!name.EndsWith(".vhd", StringComparison.OrdinalIgnoreCase))
            {
                observations.Add(new Observation(disk.Path, $"the name {Evidence.Quote(name)} does not end with .vhd"));
            }
            else if (name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '%' or '"'))
            {
                observations.Add(new Observation(disk.Path, $"the name \"{Evidence.Quote(name)}\" has a space, % or a quotation mark") { Guide = Severity.None });
            }
        }

        return CheckResult.From(observations);
    }
}
