using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Signatures;

/// <summary>MKT4009: the URI names the disk, and can be pasted whole.</summary>
internal sealed class SasNamesDisk : SasRequirement
{
    public override string Id => "MKT4009";

    public override string Title => "A SAS URI names the disk";

    public override Criterion Guide { get; } = new(Severity.Error, "the name of the disk and .vhd are in the URI", "Guide, 5.2, step 9f");

    public override Criterion Current { get; } = new(Severity.Error, "the path of the URI ends with the name of the disk and .vhd, without white space", CurrentSource + "; VM certification FAQ (2022)");

    public override string Why => "The signature is of the container: without the name it opens no disk, and the portal cuts a URI at white space";

    public override string Remedy => "insert the name of the disk before the question mark, and keep the URI on one line: https://contoso.blob.core.windows.net/images/os.vhd?…";

    protected override IEnumerable<SasFault> Judge(SasUri uri, DateTimeOffset now)
    {
        if (!uri.IsUri)
        {
            yield return new SasFault("it is not an absolute http or https URI");
        }
        else if (!uri.Path.EndsWith(".vhd", StringComparison.OrdinalIgnoreCase) || uri.Path.EndsWith("/.vhd", StringComparison.OrdinalIgnoreCase))
        {
            yield return new SasFault("the path does not end with the name of a disk and .vhd");
        }
        else if (uri.Path.Any(char.IsWhiteSpace))
        {
            yield return new SasFault("the path has white space in it");
        }
        else if (uri.HasWhiteSpace)
        {
            yield return new SasFault("the URI has white space or a line break in it");
        }
    }
}
