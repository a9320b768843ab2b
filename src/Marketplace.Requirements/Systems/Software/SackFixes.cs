using System.Globalization;
using System.Text.RegularExpressions;
using Marketplace.DiskImages.Packages;

namespace Marketplace.Requirements.Systems.Software;

/// <summary>
/// Whether a kernel has the fixes of CVE-2019-11477, CVE-2019-11478 and CVE-2019-11479 (SACK), by the table of kernels that the
/// certification FAQ names for each distribution. Linux has them since 5.2.
/// </summary>
internal static partial class SackFixes
{
    /// <summary>The first version of Linux that was released with the fixes.</summary>
    private static readonly Version FirstFixed = new(5, 2);

    // Series of a kernel and the lowest release in it; a release belongs to the first series whose text it starts with.
    private static readonly (string Series, string Floor)[] RedHat =
    [
        ("2.6.32-", "2.6.32-754.15.3"),
        ("3.10.0-327", "3.10.0-327.79.2"),
        ("3.10.0-514", "3.10.0-514.66.2"),
        ("3.10.0-693", "3.10.0-693.50.3"),
        ("3.10.0-862", "3.10.0-862.34.2"),
        ("3.10.0-957", "3.10.0-957.21.3"),
        ("3.10.0-", "3.10.0-1062.1.1"),
        ("4.18.0-80", "4.18.0-80.4.2"),
        ("4.18.0-", "4.18.0-147"),
    ];

    private static readonly (string Series, string Floor)[] Unbreakable =
    [
        ("2.6.39-", "2.6.39-400.312.2"),
        ("3.8.13-", "3.8.13-118.35.2"),
        ("4.1.12-", "4.1.12-124.28.3"),
        ("4.14.35-", "4.14.35-1902.2.0"),
    ];

    // The last number of a package of SUSE counts builds of the same sources and is not part of the release.
    private static readonly (string Version, string Series, string Flavour, string Floor)[] Suse =
    [
        ("11.4", "3.0.101-", "", "3.0.101-108.95"),
        ("12.1", "3.12.74-", "", "3.12.74-60.64.115"),
        ("12.2", "4.4.", "", "4.4.121-92.114"),
        ("12.3", "4.4.", "-azure", "4.4.180-4.31"),
        ("12.3", "4.4.", "", "4.4.180-94.97"),
        ("12.4", "4.12.14-", "-azure", "4.12.14-6.15"),
        ("12.4", "4.12.14-", "", "4.12.14-95.19"),
        ("15", "4.12.14-", "-azure", "4.12.14-5.30"),
        ("15.1", "4.12.14-", "-azure", "4.12.14-5.30"),
    ];

    private static readonly (string Version, string Series, string Flavour, string Floor)[] Ubuntu =
    [
        ("14.04", "4.4.0-", "-generic", "4.4.0-151"),
        ("14.04", "4.15.0-", "-azure", "4.15.0-1049"),
        ("16.04", "4.15.0-", "-azure", "4.15.0-1049"),
        ("18.04", "4.18.0-", "-azure", "4.18.0-1023"),
        ("18.04", "5.0.0-", "-azure", "5.0.0-1025"),
        ("18.10", "4.18.0-", "-azure", "4.18.0-1023"),
        ("19.04", "5.0.0-", "-azure", "5.0.0-1010"),
    ];

    // Debian names its kernels by their interface; only the version of the package tells more.
    private static readonly (string Series, string Floor)[] Debian =
    [
        ("3.16.", "3.16.68-2"),
        ("4.9.", "4.9.168-1+deb9u3"),
        ("4.19.", "4.19.37-5"),
    ];

    /// <summary>Judges a kernel.</summary>
    /// <param name="release">Its release, for example <c>4.18.0-553.el8_10.x86_64</c>.</param>
    /// <param name="distribution">The distribution; asked for only when the release alone does not tell.</param>
    /// <param name="packages">The packages; asked for only when the release alone does not tell.</param>
    /// <returns>The lowest release that has the fixes and whether the kernel is at or above it; null when the kernel is none of the table.</returns>
    public static (string Floor, bool IsFixed)? Judge(string release, Func<OsRelease> distribution, Func<InstalledPackages?> packages)
    {
        if (LeadingNumbers().Match(release) is { Success: true } numbers &&
            new Version(int.Parse(numbers.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(numbers.Groups[2].ValueSpan, CultureInfo.InvariantCulture)) >= FirstFixed)
        {
            return (FirstFixed.ToString(), true);
        }

        if (release.Contains("uek", StringComparison.Ordinal) || EnterpriseLinux().IsMatch(release))
        {
            return Compare(release, Find(release.Contains("uek", StringComparison.Ordinal) ? Unbreakable : RedHat, release));
        }

        OsRelease os = distribution();
        return os.Id is "sles" or "sles_sap" or "sle_hpc" ? Compare(release, Find(Suse, release, os.VersionId))
            : os.Id == "ubuntu" ? Compare(release, Find(Ubuntu, release, os.VersionId))
            : os.Id == "debian" ? JudgeDebian(release, packages())
            : null;
    }

    private static (string, bool)? JudgeDebian(string release, InstalledPackages? packages) =>
        packages?.Find("linux-image-" + release) is [var package, ..] && Find(Debian, package.Version) is { } floor
            ? (floor, package.CompareVersion(floor) >= 0)
            : null;

    private static (string, bool)? Compare(string release, string? floor) => floor is null ? null : (floor, RpmVersion.ComparePart(release, floor) >= 0);

    private static string? Find((string Series, string Floor)[] table, string release) =>
        table.FirstOrDefault(row => release.StartsWith(row.Series, StringComparison.Ordinal) && IsWhole(release, row.Series)).Floor;

    private static string? Find((string Version, string Series, string Flavour, string Floor)[] table, string release, string version) =>
        table.FirstOrDefault(row => row.Version == version && release.StartsWith(row.Series, StringComparison.Ordinal) && release.EndsWith(row.Flavour, StringComparison.Ordinal)).Floor;

    // 3.10.0-3270 is not of the series 3.10.0-327.
    private static bool IsWhole(string release, string series) =>
        !char.IsAsciiDigit(series[^1]) || release.Length == series.Length || !char.IsAsciiDigit(release[series.Length]);

    [GeneratedRegex("^([0-9]{1,4})\\.([0-9]{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingNumbers();

    [GeneratedRegex("\\.(?:el|centos)[6-9]", RegexOptions.CultureInvariant)]
    private static partial Regex EnterpriseLinux();
}
