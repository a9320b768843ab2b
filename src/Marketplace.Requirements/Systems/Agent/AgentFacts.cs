using System.Text.RegularExpressions;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Systems.Boot;

namespace Marketplace.Requirements.Systems.Agent;

/// <summary>The Azure Linux Agent of a system.</summary>
/// <param name="BinaryPath">Path of waagent; empty when there is none.</param>
/// <param name="BinaryMode">Its permission bits.</param>
/// <param name="Version">Its version; null when it could not be found.</param>
/// <param name="VersionPath">The file the version comes from; empty when unknown.</param>
/// <param name="VersionLine">The line in <paramref name="VersionPath"/>; 0 when there is none.</param>
/// <param name="PackageVersion">The version of its dpkg package; empty when there is none.</param>
/// <param name="Configuration">waagent.conf; null when there is none.</param>
internal sealed partial record AgentFacts(
    string BinaryPath,
    int BinaryMode,
    Version? Version,
    string VersionPath,
    int VersionLine,
    string PackageVersion,
    AgentConfiguration? Configuration)
{
    /// <summary>Names of its service: Debian and Ubuntu say walinuxagent, everyone else waagent.</summary>
    public static readonly string[] ServiceNames = ["walinuxagent", "waagent"];

    // More interpreters or packages of one name are no real system.
    private const int MaxDirectories = 16;
    private const string DistributionName = "WALinuxAgent-";
    private const int MaxScriptBytes = 2 * 1024 * 1024;

    /// <summary>Whether anything of the agent is installed.</summary>
    public bool IsPresent => BinaryPath.Length > 0;

    /// <summary>Looks for the agent.</summary>
    public static AgentFacts Read(FileTree tree, DpkgStatus? packages)
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

        string package = packages?.VersionOf("walinuxagent") ?? packages?.VersionOf("waagent") ?? "";
        (Version? version, string versionPath, int line) = binary.Length > 0 ? FindVersion(tree, binary, package) : (null, "", 0);
        return new AgentFacts(binary, mode, version, versionPath, line, package, AgentConfiguration.Read(tree));
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

    private static (Version?, string, int) FindVersion(FileTree tree, string binary, string package)
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

        return (ParseVersion(package[(package.IndexOf(':', StringComparison.Ordinal) + 1)..]), package.Length > 0 ? DpkgStatus.Path : "", 0);
    }

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

    private static IEnumerable<string> PackageDirectories(FileTree tree)
    {
        // Python looks into /usr/local first; newer interpreters first.
        foreach (string library in (string[])["/usr/local/lib", "/usr/lib", "/usr/lib64"])
        {
            foreach (string python in tree.List(library).Where(name => name.StartsWith("python", StringComparison.Ordinal)).OrderDescending(Comparer<string>.Create(VersionOrder.Compare)).Take(MaxDirectories))
            {
                foreach (string packages in (string[])["dist-packages", "site-packages"])
                {
                    yield return $"{library}/{python}/{packages}";
                }
            }
        }
    }

    [GeneratedRegex(@"^[0-9]{1,5}(\.[0-9]{1,5}){1,3}", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingVersion();

    [GeneratedRegex(@"^\s*(?:AGENT_VERSION|GuestAgentVersion)\s*=\s*['""](?:WALinuxAgent-)?([0-9][0-9.]{2,40})['""]", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
