using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Declaration;

/// <summary>MKT1020: three sizes are recommended in 2015, up to six today.</summary>
internal sealed class RecommendedSizeCount : Requirement
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
        int count = context.Image.RecommendedSizes.Where(size => !string.IsNullOrWhiteSpace(size)).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        return count == GuideCount
            ? CheckResult.Passed
            : CheckResult.From(new Observation(context.Image.ProjectFile, count == 1 ? "one size is recommended" : $"{count} sizes are recommended")
            {
                Current = count <= CurrentMaximum ? Severity.None : null,
            });
    }
}
