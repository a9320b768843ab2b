using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Packages.Rpm;

namespace Marketplace.DiskImages.Tests.Packages;

/// <summary>The databases of the fixtures, and what rpm and dpkg read from them.</summary>
internal static class PackageFixtures
{
    public static MemoryContent Load(string name) => Fixture.Load("Packages/" + name);

    public static string[] Truth(string name) => [.. Fixture.Text($"Packages/{name}.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    public static List<InstalledPackage> ReadRpm(DiskContent database, DiskContent? wal = null, DiskContent? journal = null) =>
        RpmDatabase.Read(database, "/db", suffix => suffix == "-wal" ? wal : journal);

    /// <summary>The packages as the truth files have them.</summary>
    public static string[] Lines(IEnumerable<InstalledPackage> packages) =>
        [.. packages.Select(package => $"{package.Name}\t{package.Version}\t{package.Architecture}").Order(StringComparer.Ordinal)];
}
