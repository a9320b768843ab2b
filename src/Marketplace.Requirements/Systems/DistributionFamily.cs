using System.Globalization;
using System.Text.RegularExpressions;

namespace Marketplace.Requirements.Systems;

/// <summary>Families of distributions, by os-release or, before there was one, by the release file of Red Hat.</summary>
internal static partial class DistributionFamily
{
    private const int MaxBytes = 4096;

    private static readonly string[] RedHatIds = ["rhel", "centos", "almalinux", "rocky", "ol", "scientific", "fedora", "cloudlinux", "eurolinux", "oracle"];

    private static readonly string[] ReleaseFiles = ["/etc/redhat-release", "/etc/centos-release", "/etc/oracle-release"];

    /// <summary>Whether it is Red Hat Enterprise Linux or one of its kin.</summary>
    public static bool IsRedHat(LinuxSystem system) => RedHatIds.Contains(system.OsRelease.Id) || ReleaseFiles.Any(system.Tree.FileExists);

    /// <summary>Whether it is SUSE Linux Enterprise or openSUSE.</summary>
    public static bool IsSuse(LinuxSystem system) => system.OsRelease.Id is "sles" or "sle-micro" or "sle_hpc" or "suse" || system.OsRelease.Id.StartsWith("opensuse", StringComparison.Ordinal) || system.OsRelease.Id.StartsWith("sles", StringComparison.Ordinal);

    /// <summary>Whether it is Azure Linux, CBL-Mariner before.</summary>
    public static bool IsAzureLinux(LinuxSystem system) => system.OsRelease.Id is "azurelinux" or "mariner";

    /// <summary>The major version of a system of Red Hat's family; null when it is none, or has none.</summary>
    public static int? RedHatMajor(LinuxSystem system)
    {
        if (!IsRedHat(system))
        {
            return null;
        }

        string version = system.OsRelease.VersionId;
        if (version.Length == 0)
        {
            string text = ReleaseFiles.Select(path => system.Tree.Stat(path) is { Size: <= MaxBytes } ? system.Tree.ReadAllText(path, MaxBytes) : null).FirstOrDefault(text => text is not null) ?? "";
            version = Release().Match(text).Groups[1].Value;
        }

        return int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) ? major : null;
    }

    [GeneratedRegex(@"release +([0-9]{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex Release();
}
