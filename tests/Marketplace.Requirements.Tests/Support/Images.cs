using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Tests.Support;

/// <summary>Declarations of images, good but for what a test changes.</summary>
internal static class Images
{
    public const string ProjectFile = "/src/appliance/appliance.vmproj";

    public static ImageDeclaration Linux(params string[] osDisks) => new()
    {
        ProjectFile = ProjectFile,
        OSDisks = [.. osDisks.Select(path => Disk(path))],
        DataDisks = [],
        Version = "1.4.2",
        Publisher = "contoso",
        Offer = "appliance",
        Sku = "standard",
        OSFamily = "Linux",
        OperatingSystem = "Contoso Appliance",
        RecommendedSizes = ["Standard_D2s_v5", "Standard_D4s_v5", "Standard_D8s_v5"],
    };

    public static DiskDeclaration Disk(string path, string lun = "") =>
        new() { Path = path, DisplayPath = System.IO.Path.GetFileName(path), Lun = lun };

    public static ValidationReport Validate(ImageDeclaration image, string levels = "2015-10;current", params RequirementOverride[] overrides) =>
        ImageValidator.Validate(image, new ValidationOptions { Levels = levels, Overrides = overrides }, CancellationToken.None);

    public static RequirementResult Result(this ValidationReport report, string id) => report.Results.Single(result => result.Id == id);

    public static string[] Codes(this ValidationReport report) => [.. report.Diagnostics.Select(finding => finding.Code)];
}
