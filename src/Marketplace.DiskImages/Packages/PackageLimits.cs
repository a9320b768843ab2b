namespace Marketplace.DiskImages.Packages;

/// <summary>Limits of all package databases.</summary>
internal static class PackageLimits
{
    /// <summary>The most packages that are held; the largest distributions have a quarter of that to install.</summary>
    public const int MaxPackages = 1 << 18;

    /// <summary>The largest text database, in bytes. Real ones have a few MiB.</summary>
    public const int MaxTextBytes = 32 << 20;

    /// <summary>The longest name, version or architecture, in bytes.</summary>
    public const int MaxStringBytes = 4096;
}
