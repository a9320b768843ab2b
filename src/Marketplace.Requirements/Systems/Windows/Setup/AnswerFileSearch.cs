using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Windows.Setup;

/// <summary>
/// Where answer files are: the places Windows Setup and Sysprep look into, in their order, and the copies Setup keeps
/// (Microsoft, "Windows Setup automation overview": implicit answer file search order).
/// </summary>
internal static class AnswerFileSearch
{
    private const string PantherPath = "/Windows/Panther";

    /// <summary>Places from which the next run of Setup or Sysprep would take one.</summary>
    private static readonly string[] Single =
    [
        "/Windows/System32/Sysprep/unattend.xml",
        "/Windows/System32/Sysprep/Panther/unattend.xml",
        "/unattend.xml",
        "/autounattend.xml",
    ];

    private static readonly string[] NameStarts = ["unattend", "autounattend"];

    /// <summary>The paths of the answer files, existing ones in folders that are listed, and those of the places; each once.</summary>
    public static IReadOnlyList<string> Paths(WindowsSystem system)
    {
        List<string> paths = [];
        if (system.System.FindKey("Setup").Text("UnattendFile") is { Length: > 0 } named && ToPath(named) is { } path)
        {
            paths.Add(path);
        }

        paths.AddRange(In(system.Tree, PantherPath + "/Unattend", _ => true));
        paths.AddRange(In(system.Tree, PantherPath, name => NameStarts.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase))));
        paths.AddRange(Single);
        return [.. paths.DistinctBy(found => found, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Whether the file is a copy that Setup keeps, rather than one that is used again.</summary>
    public static bool IsKeptCopy(string path) =>
        path.StartsWith(PantherPath + "/", StringComparison.OrdinalIgnoreCase) && !path.StartsWith(PantherPath + "/Unattend/", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> In(FileTree tree, string folder, Func<string, bool> fits) =>
        tree.List(folder).Where(name => name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) && fits(name)).Select(name => folder + "/" + name);

    // The path on the drive of Windows; null for one on another drive, which is not in the image.
    private static string? ToPath(string named)
    {
        string path = named.Replace('\\', '/');
        foreach ((string variable, string folder) in ((string, string)[])[("%WINDIR%", "/Windows"), ("%SystemRoot%", "/Windows"), ("%SystemDrive%", ""), ("C:", "")])
        {
            if (path.StartsWith(variable, StringComparison.OrdinalIgnoreCase))
            {
                path = folder + path[variable.Length..];
                break;
            }
        }

        return path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) ? path : null;
    }
}
