namespace Marketplace.DiskImages.Packages;

/// <summary>A package that is installed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version with epoch and release (revision) when it has them: <c>1:2.9.1.1-3.el9</c>.</param>
/// <param name="Architecture">Its architecture as the package manager calls it; empty when it has none.</param>
/// <param name="Format">The package manager.</param>
/// <param name="Database">Path of the database file it is listed in.</param>
public sealed record InstalledPackage(string Name, string Version, string Architecture, PackageFormat Format, string Database)
{
    /// <summary>The version without epoch and release: <c>2.9.1.1</c>.</summary>
    public string UpstreamVersion
    {
        get
        {
            string version = Version[(Version.IndexOf(':', StringComparison.Ordinal) + 1)..];
            int release = version.LastIndexOf('-');
            return release < 0 ? version : version[..release];
        }
    }

    /// <summary>Compares the version with another one by the rules of the package manager.</summary>
    /// <param name="version">A version such as <c>1:2.9.1.1-3.el9</c>; epoch and release may be left out.</param>
    /// <returns>Less than, equal to or greater than zero when the package is older, as old or newer.</returns>
    public int CompareVersion(string version) =>
        Format == PackageFormat.Dpkg ? DebianVersion.Compare(Version, version) : RpmVersion.Compare(Version, version);
}
