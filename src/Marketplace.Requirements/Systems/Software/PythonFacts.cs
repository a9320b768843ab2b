using System.Globalization;
using System.Text.RegularExpressions;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Software;

/// <summary>The Python interpreters of a system: programs named as Python installs them (PEP 394), those of distributions included.</summary>
/// <param name="Default">The one that <c>python3</c> starts, else <c>python</c>, else the one the distribution keeps for itself, else the newest; null when there is none.</param>
/// <param name="All">Every interpreter that was found, each program once.</param>
internal sealed partial record PythonFacts(PythonInterpreter? Default, IReadOnlyList<PythonInterpreter> All)
{
    /// <summary>Where a shell looks for programs first; the last one is that of the agent of Flatcar before its system extensions.</summary>
    private static readonly string[] Directories = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/share/oem/python/bin"];

    /// <summary>What Red Hat calls the interpreter its own tools run on.</summary>
    private const string PlatformPython = "/usr/libexec/platform-python";

    private const int MayExecute = 0b001_001_001;

    // More interpreters are no real system.
    private const int MaxInterpreters = 64;

    /// <summary>Looks for interpreters.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="packages">The packages of the system, null when it has no database; asked for only when the name of a program does not tell its version.</param>
    public static PythonFacts Read(FileTree tree, Func<InstalledPackages?> packages)
    {
        List<PythonInterpreter> all = [];
        foreach (string path in Candidates(tree).Take(MaxInterpreters))
        {
            if (Find(tree, path, packages) is { } found && all.All(other => other.Program != found.Program))
            {
                all.Add(found);
            }
        }

        PythonInterpreter? first = ((string[])["python3", "python"])
            .SelectMany(name => Directories.Select(directory => directory + "/" + name))
            .Append(PlatformPython)
            .Select(path => Find(tree, path, packages))
            .FirstOrDefault(found => found is not null);
        return new PythonFacts(first ?? all.MaxBy(found => found.Version), all);
    }

    private static IEnumerable<string> Candidates(FileTree tree) => Directories.Append("/usr/libexec").SelectMany(directory => tree.List(directory)
        .Where(name => InterpreterName().IsMatch(name))
        .Select(name => directory + "/" + name));

    private static PythonInterpreter? Find(FileTree tree, string path, Func<InstalledPackages?> packages)
    {
        if (tree.Stat(path) is not { Kind: FileKind.Regular, Size: > 0 } stat || (stat.Mode & MayExecute) == 0)
        {
            return null;
        }

        return new PythonInterpreter(path, stat.Path, VersionIn(stat.Path) ?? VersionIn(path) ?? VersionOf(path, packages()));
    }

    private static Version? VersionIn(string path)
    {
        Match match = InterpreterName().Match(path[(path.LastIndexOf('/') + 1)..]);
        return match.Success && match.Groups[2].Success
            ? new Version(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>The version of the package that has the name of the program.</summary>
    private static Version? VersionOf(string path, InstalledPackages? packages)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        foreach (string package in (string[])[name, name + "-minimal", name + "-base"])
        {
            if (packages?.Find(package) is [var installed, ..] && LeadingNumbers().Match(installed.UpstreamVersion) is { Success: true } match)
            {
                return Version.Parse(match.Value);
            }
        }

        return null;
    }

    [GeneratedRegex("^(?:platform-)?python(?:([23])(?:\\.([0-9]{1,3})[a-z]{0,2})?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex InterpreterName();

    [GeneratedRegex("^[0-9]{1,3}\\.[0-9]{1,3}", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingNumbers();
}
