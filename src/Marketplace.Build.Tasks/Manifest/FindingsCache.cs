using Marketplace.Build.Tasks.Diagnostics;
using Marketplace.Requirements.Model;

namespace Marketplace.Build.Tasks.Manifest;

/// <summary>
/// What a build shows again when nothing changed: one line for the summary and one for each warning, with fields
/// separated by a bar, so that Marketplace.Build.Validate.targets can read it without loading an assembly.
/// </summary>
internal static class FindingsCache
{
    /// <summary>Writes the file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="summary">The summary line.</param>
    /// <param name="findings">The findings; only warnings are kept.</param>
    public static void Write(string path, string summary, IEnumerable<Finding> findings) =>
        File.WriteAllLines(path,
        [
            $"summary|{Field(summary)}",
            .. findings
                .Where(finding => finding.Severity == Severity.Warning)
                .Select(finding => $"{finding.Code}|{Field(finding.File)}|{Field(SecretRedactor.Redact(finding.ToMessage()))}"),
        ]);

    // The bar separates fields; a broken bar reads the same to a person.
    private static string Field(string text) => text.ReplaceLineEndings(" ").Replace('|', '¦');
}
