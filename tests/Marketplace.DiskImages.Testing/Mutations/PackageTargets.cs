using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Packages.Rpm;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Package databases of every kind.</summary>
internal static class PackageTargets
{
    public static IEnumerable<MutationTarget> All =>
    [
        .. ((string[])["rpmdb.sqlite", "rpmdb-512.sqlite", "rpmdb-65536.sqlite", "Packages-little", "Packages-big", "Packages-small", "Packages.db"]).Select(name =>
            new MutationTarget("packages-" + name, () => Load(name), (database, meter) => Read(database, null, meter))),
        new MutationTarget("packages-wal", () => Load("rpmdb-wal.sqlite-wal"), (log, meter) => Read(Load("rpmdb-wal.sqlite"), log, meter)),
        new MutationTarget("packages-dpkg", () => new MemoryContent(System.Text.Encoding.UTF8.GetBytes(Fixture.Text("Packages/dpkg-status"))), (status, meter) =>
        {
            InstalledPackages.Read(new ContentTree().Add("/var/lib/dpkg/status", status));
            meter.Step();
        }),
    ];

    private static MemoryContent Load(string name) => Fixture.Load("Packages/" + name);

    private static void Read(DiskContent database, DiskContent? log, MemoryMeter meter)
    {
        RpmDatabase.Read(database, "/db", suffix => suffix == "-wal" ? log : null);
        meter.Step();
    }
}
