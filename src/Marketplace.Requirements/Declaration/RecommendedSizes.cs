using System.Text.RegularExpressions;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Declaration;

/// <summary>MKT1020: three sizes are recommended in 2015, up to six today; each is the name of a size, once.</summary>
internal sealed partial class RecommendedSizes : Requirement
{
    private const int GuideCount = 3;
    private const int CurrentMaximum = 6;

    public override string Id => "MKT1020";

    public override string Title => "Recommended sizes";

    public override string Section => "5.3";

    public override bool NewestWins => true;

    public override Criterion Guide { get; } = new(Severity.Error, "three virtual machine sizes are recommended", "Guide, 5.3, step 7");

    public override Criterion Current { get; } = new(Severity.Error, "at most six virtual machine sizes are recommended", "VM plan technical configuration (2022); Partner Center schema");

    public override string Why => "The sizes are shown first to the customer who deploys the image";

    public override string Remedy => "write the sizes in VmImageRecommendedSizes, separated by semicolons: Standard_D2s_v5;Standard_D4s_v5;Standard_D8s_v5";

    public override CheckResult Check(ImageContext context)
    {
        string[] sizes = [.. context.Image.RecommendedSizes.Select(size => size.Trim()).Where(size => size.Length > 0)];
        IGrouping<string, string>[] groups = [.. sizes.GroupBy(size => Prefix().Replace(size, ""), StringComparer.OrdinalIgnoreCase)];
        List<Observation> observations = [];
        if (groups.Length != GuideCount)
        {
            observations.Add(new Observation(context.Image.ProjectFile, groups.Length == 1 ? "one size is recommended" : $"{groups.Length} sizes are recommended")
            {
                Current = groups.Length <= CurrentMaximum ? Severity.None : null,
            });
        }

        if (groups.Length > CurrentMaximum)
        {
            // One fault, one finding: the list is to be written anew.
            return CheckResult.From(observations);
        }

        // What the portal does with a name it does not know is not documented: worth a warning, no more.
        observations.AddRange(groups.Where(group => group.Count() > 1)
            .Select(group => Warn(context, $"the size \"{Evidence.Quote(group.First())}\" is recommended {(group.Count() == 2 ? "twice" : $"{group.Count()} times")}", "every recommended size is there once")));
        string[] wrong = [.. groups.Select(group => group.First()).Where(size => !Form().IsMatch(size)).Select(size => $"\"{Evidence.Quote(size)}\"")];
        if (wrong.Length > 0)
        {
            observations.Add(Warn(
                context,
                string.Join(", ", wrong) + (wrong.Length == 1 ? " is not the name of a virtual machine size" : " are not names of virtual machine sizes"),
                "a recommended size is the name of a size, for example Standard_D2s_v5, Basic_A1 or A3"));
        }

        return CheckResult.From(observations);
    }

    private static Observation Warn(ImageContext context, string found, string asked) =>
        new(context.Image.ProjectFile, found) { Guide = Severity.Warning, Current = Severity.Warning, Asked = asked };

    [GeneratedRegex("^Standard[_-]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();

    // Standard_E4-2ds_v5, Standard_NC24ads_A100_v4, d2s-v3 as the portal's schema has it, Basic_A1, A3; the names of 2014 without number.
    [GeneratedRegex(@"^(?:(?:(?:Standard|Basic)[_-])?[A-Z]{1,4}[0-9]{1,4}(?:-[0-9]{1,3})?[A-Z]{0,6}(?:[_-][A-Z0-9]+){0,3}|Extra(?:Small|Large)|Small|Medium|Large)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
