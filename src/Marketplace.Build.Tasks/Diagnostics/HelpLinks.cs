namespace Marketplace.Build.Tasks.Diagnostics;

/// <summary>The documentation pages of the diagnostic codes, which are part of the package: they fit its version and need no network.</summary>
internal static class HelpLinks
{
    /// <summary>The folder of the pages, beside the folder of the tasks in the package.</summary>
    private static readonly string Folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(HelpLinks).Assembly.Location)!, "..", "..", "docs"));

    /// <summary>The URI of the page of a code; null when the tasks do not run from the package.</summary>
    /// <param name="code">For example <c>MKT2011</c>.</param>
    public static string? For(string code)
    {
        string page = Path.Combine(Folder, code + ".md");
        return File.Exists(page) ? new Uri(page).AbsoluteUri : null;
    }
}
