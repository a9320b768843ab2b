using System.Globalization;
using System.Text.RegularExpressions;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Software;

/// <summary>Open Management Infrastructure on a system.</summary>
/// <param name="Version">Its version in four numbers; null when it is there but its version was not found.</param>
/// <param name="Path">Where the version was found, or the program.</param>
internal sealed partial record OmiFacts(Version? Version, string Path)
{
    private const string Package = "omi";
    private const string Server = "/opt/omi/bin/omiserver";

    /// <summary>Reads the version of the package, else what the server says of itself; null when there is none.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="packages">The packages of the system; null when it has no database.</param>
    public static OmiFacts? Read(FileTree tree, InstalledPackages? packages)
    {
        if (packages?.Find(Package) is [var package, ..])
        {
            return new OmiFacts(ParseVersion(package.Version), package.Database);
        }

        return HasServer(tree, isListed: packages is not null)
            ? new OmiFacts(ProgramText.Find(tree, Server, VersionText()) is { } match ? ParseVersion(match.Groups[1].Value) : null, Server)
            : null;
    }

    // It is handed out as a package only: where the database does not have it, what is mounted over /opt at the customer's does not matter.
    private static bool HasServer(FileTree tree, bool isListed)
    {
        try
        {
            return tree.FileExists(Server);
        }
        catch (DiskFormatException) when (isListed)
        {
            return false;
        }
    }

    /// <summary>The fourth number is part of the version in packages of dpkg and the release in those of RPM: 1.6.8.1 and 1.6.8-1.</summary>
    private static Version? ParseVersion(string text)
    {
        Match match = Numbers().Match(text);
        return match.Success ? new Version(Number(match, 1), Number(match, 2), Number(match, 3), match.Groups[4].Success ? Number(match, 4) : 0) : null;
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:[0-9]+:)?([0-9]{1,5})\.([0-9]{1,5})\.([0-9]{1,5})(?:[.-]([0-9]{1,5}))?", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"OMI-([0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}(?:[.-][0-9]{1,5})?)", RegexOptions.CultureInvariant)]
    private static partial Regex VersionText();
}
