using System.Text.RegularExpressions;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Systems.Software;

namespace Marketplace.Requirements.Systems.Agent;

/// <summary>The Azure Linux Agent of a system.</summary>
/// <param name="BinaryPath">Path of waagent; empty when there is none.</param>
/// <param name="BinaryMode">Its permission bits.</param>
/// <param name="Version">Its version; null when it could not be found.</param>
/// <param name="VersionPath">The file the version comes from; empty when unknown.</param>
/// <param name="VersionLine">The line in <paramref name="VersionPath"/>; 0 when there is none.</param>
/// <param name="Configuration">waagent.conf; null when there is none.</param>
internal sealed partial record AgentFacts(
    string BinaryPath,
    int BinaryMode,
    Version? Version,
    string VersionPath,
    int VersionLine,
    AgentConfiguration? Configuration)
{
    /// <summary>Names of its service: Debian and Ubuntu say walinuxagent, everyone else waagent.</summary>
    public static readonly string[] ServiceNames = ["walinuxagent", "waagent"];

    // Ubuntu, Debian, Red Hat and Azure Linux; SUSE puts the version of Python into the name.
    private static readonly string[] PackageNames = ["walinuxagent", "waagent", "WALinuxAgent"];

    // More packages of one name are no real system.
    private const int MaxDirectories = 16;
    private const string DistributionName = "WALinuxAgent-";
    private const int MaxScriptBytes = 2 * 1024 * 1024;

    /// <summary>Whether anything of the agent is installed.</summary>
    public bool IsPresent => BinaryPath.Length > 0;

    /// <summary>Looks for the agent.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="packages">The packages of the system, null when it has no database; asked for only when its files do not tell the version.</param>
    public static AgentFacts Read(FileTree tree, Func<InstalledPackages?> packages)
    {
        string binary = "";
        int mode = 0;
        foreach (string path in (string[])["/usr/sbin/waagent", "/usr/bin/waagent", "/usr/local/sbin/waagent", "/usr/local/bin/waagent", "/usr/share/oem/bin/waagent"])
        {
            if (tree.Stat(path) is { Kind: FileKind.Regular } stat)
            {
                binary = path;
                mode = stat.Mode;
                break;
            }
        }

        (Version? version, string versionPath, int line) = binary.Length > 0 ? FindVersion(tree, binary, packages) : (null, "", 0);
        return new AgentFacts(binary, mode, version, versionPath, line, AgentConfiguration.Read(tree));
    }

    /// <summary>The version in a text such as <c>2.9.1.1-0ubuntu1</c>, or null.</summary>
    public static Version? ParseVersion(string text)
    {
        Match match = LeadingVersion().Match(text);
        return match.Success && Version.TryParse(match.Value, out Version? version) ? version : null;
    }

    /// <summary>Finds the assignment of the version in a Python text.</summary>
    public static (Version? Version, int Line) FindAssignment(string text)
    {
        foreach (TextLine line in TextLines.Of(text))
        {
            Match match = Assignment().Match(line.Text);
            if (match.Success && ParseVersion(match.Groups[1].Value) is { } version)
            {
                return (version, line.Number);
            }
        }

        return (null, 0);
    }

    private static (Version?, string, int) FindVersion(FileTree tree, string binary, Func<InstalledPackages?> packages)
    {
        foreach (string path in ModulePaths(tree))
        {
            if (tree.ReadAllText(path, MaxScriptBytes) is { } text && FindAssignment(text) is (not null, _) found)
            {
                return (found.Version, path, found.Line);
            }
        }

        // Agents before 2.1 were one file.
        if (tree.Stat(binary) is { Size: <= MaxScriptBytes } && FindAssignment(tree.ReadAllText(binary, MaxScriptBytes)!) is (not null, _) single)
        {
            return (single.Version, binary, single.Line);
        }

        // An egg that is one archive, and what pip and setuptools leave next to the module, carry the version in their names.
        foreach (string path in PackageDirectories(tree).SelectMany(directory => tree.List(directory).Where(name => name.StartsWith(DistributionName, StringComparison.OrdinalIgnoreCase)).Take(MaxDirectories).Select(name => directory + "/" + name)))
        {
            if (ParseVersion(path[(path.LastIndexOf('/') + 1 + DistributionName.Length)..]) is { } named)
            {
                return (named, path, 0);
            }
        }

        return packages()?.All.FirstOrDefault(IsAgent) is { } package ? (ParseVersion(package.UpstreamVersion), package.Database, 0) : (null, "", 0);
    }

    private static bool IsAgent(InstalledPackage package) => PackageNames.Contains(package.Name, StringComparer.Ordinal) || PythonPackage().IsMatch(package.Name);

    private static IEnumerable<string> ModulePaths(FileTree tree)
    {
        foreach (string directory in PackageDirectories(tree))
        {
            yield return directory + "/azurelinuxagent/common/version.py";
            foreach (string egg in tree.List(directory).Where(name => name.StartsWith(DistributionName, StringComparison.OrdinalIgnoreCase) && name.EndsWith(".egg", StringComparison.Ordinal)).Take(MaxDirectories))
            {
                yield return $"{directory}/{egg}/azurelinuxagent/common/version.py";
            }
        }
    }

    private static IEnumerable<string> PackageDirectories(FileTree tree) => PythonLibraries.Find(tree).Select(library => library.Directory);

    [GeneratedRegex("^python[0-9]*-azure-agent$", RegexOptions.CultureInvariant)]
    private static partial Regex PythonPackage();

    [GeneratedRegex(@"^[0-9]{1,5}(\.[0-9]{1,5}){1,3}", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingVersion();

    [GeneratedRegex(@"^\s*(?:AGENT_VERSION|GuestAgentVersion)\s*=\s*['""](?:WALinuxAgent-)?([0-9][0-9.]{2,40})['""]", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
