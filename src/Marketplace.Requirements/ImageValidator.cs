using Marketplace.DiskImages;
using Marketplace.Requirements.Declaration;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Signatures;

namespace Marketplace.Requirements;

/// <summary>Validates an image against every requirement.</summary>
public static class ImageValidator
{
    /// <summary>Opens the declared disks, checks every requirement and returns the report. Faults of the input are findings, never exceptions.</summary>
    /// <param name="image">The image as its project declares it.</param>
    /// <param name="options">Levels, overrides and clock.</param>
    /// <param name="cancellationToken">Stops between checks.</param>
    /// <exception cref="OperationCanceledException">The validation was cancelled.</exception>
    public static ValidationReport Validate(ImageDeclaration image, ValidationOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(options);

        List<Finding> faults = [];
        IReadOnlyList<RequirementsLevel> levels = LevelNames.Parse(options.Levels, out IReadOnlyList<string> unknown);
        if (unknown.Count > 0)
        {
            faults.Add(DeclarationFault.Create(
                DeclarationFault.UnknownLevel,
                image.ProjectFile,
                $"VmImageRequirements names unknown levels: {Evidence.Quote(string.Join(", ", unknown))}",
                "the levels are 2015-10 and current",
                "write <VmImageRequirements>2015-10;current</VmImageRequirements>, or one of the two"));
        }

        OverrideSet overrides = OverrideSet.Read(options.Overrides, RequirementCatalog.All, levels, image.ProjectFile, faults);
        DeclarationReader reader = new(image, options.OpenRemote);
        using ImageContext context = reader.Open(cancellationToken);
        faults.AddRange(reader.Findings);
        faults.AddRange(options.SasFaults);
        context.Signatures = new SuppliedSignatures(options.SasUris, options.SasFaults.Count > 0, options.Time.GetUtcNow());

        Evaluator evaluator = new(context, levels, overrides);
        List<RequirementResult> results = [];
        foreach (Requirement requirement in RequirementCatalog.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(evaluator.Evaluate(requirement));
        }

        return new ValidationReport
        {
            Time = options.Time.GetUtcNow(),
            Levels = levels,
            Image = image,
            Generation = GenerationOf(context),
            Disks = [.. context.Disks.Select(disk => disk.Summarize()).OrderByDescending(disk => disk.IsOSDisk).ThenBy(disk => disk.Lun ?? int.MaxValue)],
            Results = results,
            DeclarationFindings = faults,
        };
    }

    private static string GenerationOf(ImageContext context)
    {
        string declared = context.Image.Generation.Trim().ToUpperInvariant();
        if (declared is "V1" or "V2")
        {
            return declared;
        }

        try
        {
            return context.RequireBootSupport().DefaultGeneration;
        }
        catch (Exception exception) when (exception is CannotCheckException or DiskFormatException or (IOException and not (FileNotFoundException or FileLoadException)))
        {
            // MKT1017 tells why.
            return "";
        }
    }
}
