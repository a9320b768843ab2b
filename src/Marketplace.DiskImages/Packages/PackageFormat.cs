namespace Marketplace.DiskImages.Packages;

/// <summary>The package manager a package belongs to.</summary>
public enum PackageFormat
{
    /// <summary>dpkg: Debian, Ubuntu and their relatives.</summary>
    Dpkg,

    /// <summary>RPM: Red Hat, Fedora, SUSE, Azure Linux and their relatives.</summary>
    Rpm,
}
