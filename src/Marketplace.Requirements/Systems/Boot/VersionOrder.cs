using Marketplace.DiskImages.Packages;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>The order in which GRUB sorts Boot Loader Specification entries: that of the versions of RPM packages.</summary>
internal static class VersionOrder
{
    /// <summary>Compares the names of two entries as GRUB's blscfg does: name, version and release, split at the last two hyphens.</summary>
    public static int CompareEntries(string left, string right)
    {
        (string Name, string Version, string Release) a = Split(left);
        (string Name, string Version, string Release) b = Split(right);
        int order = RpmVersion.ComparePart(a.Name, b.Name);
        order = order != 0 ? order : RpmVersion.ComparePart(a.Version, b.Version);
        return order != 0 ? order : RpmVersion.ComparePart(a.Release, b.Release);
    }

    private static (string, string, string) Split(string name)
    {
        int release = name.LastIndexOf('-');
        if (release <= 0)
        {
            return (name, "", "");
        }

        int version = name.LastIndexOf('-', release - 1);
        return version < 0 ? (name[..release], "", name[(release + 1)..]) : (name[..version], name[(version + 1)..release], name[(release + 1)..]);
    }
}
