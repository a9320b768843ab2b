using System.Text.RegularExpressions;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Declaration;

/// <summary>The names of the releases of Windows Server.</summary>
internal static partial class ServerRelease
{
    /// <summary>The release a description names, for example <c>2012 R2</c>; null when it names none.</summary>
    public static string? Find(string description) => Named().Match(description) is { Success: true } match
        ? match.Groups["year"].Value + (match.Groups["r2"].Success ? " R2" : "")
        : null;

    /// <summary>The release of a build; null for one that has no year in its name, or is not known.</summary>
    public static string? OfBuild(int build) => build switch
    {
        WindowsBuilds.Server2008R2 => "2008 R2",
        WindowsBuilds.Server2012 => "2012",
        WindowsBuilds.Server2012R2 => "2012 R2",
        WindowsBuilds.Server2016 => "2016",
        17763 => "2019",
        20348 => "2022",
        26100 => "2025",
        _ => null,
    };

    // Only words of the edition stand between name and year: the year of SQL Server is another one.
    [GeneratedRegex(@"\bWindows(?: Server)?(?:[\s:_-]+(?:Server|Datacenter|Standard|Essentials|Core))*[\s:_-]+(?<year>20(?:08|12|16|19|22|25))\b(?:[\s_-]*(?<r2>R2)\b)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
