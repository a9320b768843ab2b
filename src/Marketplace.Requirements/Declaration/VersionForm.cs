using System.Globalization;
using System.Text.RegularExpressions;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Declaration;

/// <summary>MKT1014: the version is X.Y.Z. That it grows is checked at publish, against the catalogue.</summary>
internal sealed partial class VersionForm : Requirement
{
    private const int MaxLength = 32;

    public override string Id => "MKT1014";

    public override string Title => "Form of the version";

    public override string Section => "5.3";

    public override Criterion Guide { get; } = new(Severity.Error, "the version is X.Y.Z, three integers", "Guide, 5.3, step 8");

    public override Criterion Current { get; } = new(Severity.Error, "the version is X.Y.Z, three integers, at most 32 characters, without a suffix", "Partner Center schema");

    public override string Why => "The version identifies the image and its updates; suffixes such as -beta are not taken";

    public override string Remedy => "write <Version>1.0.0</Version> in the project, or pass -p:Version=1.0.0";

    public override CheckResult Check(ImageContext context)
    {
        string version = context.Image.Version;
        if (version.Length is > 0 and <= MaxLength && Form().IsMatch(version) &&
            version.Split('.').All(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return CheckResult.Passed;
        }

        return CheckResult.From(new Observation(
            context.Image.ProjectFile,
            string.IsNullOrWhiteSpace(version) ? "the image has no version"
                : version.Split('.').Any(part => part.Length > 1 && part[0] == '0') ? $"the version \"{Evidence.Quote(version)}\" has a leading zero, which makes it another name of the same version"
                : version.Length <= MaxLength && Form().IsMatch(version) ? $"the version \"{Evidence.Quote(version)}\" has a number above {int.MaxValue}"
                : $"the version is \"{Evidence.Quote(version)}\""));
    }

    [GeneratedRegex(@"^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
