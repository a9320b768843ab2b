using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Packages;

namespace Marketplace.DiskImages.Tests.Packages;

/// <summary>Every package of every kind of database is what rpm reads.</summary>
[TestClass]
public sealed class RpmTruthTests
{
    [TestMethod]
    [DataRow("rpmdb.sqlite", "rpmdb.sqlite")]
    [DataRow("rpmdb-512.sqlite", "rpmdb.sqlite")]
    [DataRow("rpmdb-65536.sqlite", "rpmdb.sqlite")]
    [DataRow("rpmdb-wal.sqlite", "rpmdb.sqlite")]
    [DataRow("Packages-little", "Packages-little")]
    [DataRow("Packages-big", "Packages-big")]
    [DataRow("Packages-small", "Packages-small")]
    [DataRow("Packages.db", "rpmdb.sqlite")]
    public void Reads_what_rpm_reads(string name, string truth)
    {
        string[] lines = PackageFixtures.Truth(truth);

        Assert.HasCount(73, lines);
        CollectionAssert.AreEqual(lines, PackageFixtures.Lines(PackageFixtures.ReadRpm(PackageFixtures.Load(name))));
    }

    [TestMethod]
    public void Reads_the_write_ahead_log_over_the_database()
    {
        string[] lines = PackageFixtures.Truth("rpmdb-wal.sqlite");

        Assert.HasCount(71, lines);
        CollectionAssert.AreEqual(lines, PackageFixtures.Lines(PackageFixtures.ReadRpm(PackageFixtures.Load("rpmdb-wal.sqlite"), PackageFixtures.Load("rpmdb-wal.sqlite-wal"))));
    }

    [TestMethod]
    [DataRow(0, 0x00)]
    [DataRow(24, 0x55)]
    [DataRow(32 + 8, 0x55)]
    [DataRow(32 + 16, 0x55)]
    [DataRow(32 + 24 + 100, 0x55)]
    public void A_log_that_is_damaged_at_its_beginning_counts_for_nothing(int offset, int change)
    {
        MemoryContent log = PackageFixtures.Load("rpmdb-wal.sqlite-wal");
        byte old = log.ReadBytes(offset, 1)[0];

        List<InstalledPackage> packages = PackageFixtures.ReadRpm(PackageFixtures.Load("rpmdb-wal.sqlite"), log.Patched(offset, (byte)(change == 0 ? 0 : old ^ change)));

        CollectionAssert.AreEqual(PackageFixtures.Truth("rpmdb.sqlite"), PackageFixtures.Lines(packages));
    }

    [TestMethod]
    public void A_log_without_its_last_commit_counts_for_the_ones_before()
    {
        MemoryContent log = PackageFixtures.Load("rpmdb-wal.sqlite-wal");

        List<InstalledPackage> packages = PackageFixtures.ReadRpm(PackageFixtures.Load("rpmdb-wal.sqlite"), log.Resized(log.Length - 1));

        // Two packages were erased in two commits.
        Assert.HasCount(72, packages);
    }

    [TestMethod]
    public void Reads_only_the_beginning_of_large_headers()
    {
        MemoryContent database = PackageFixtures.Load("Packages.db");
        PackageFixtures.ReadRpm(database);

        Assert.IsLessThan(database.Length * 3 / 4, database.BytesRead);
    }

    [TestMethod]
    public void Refuses_a_database_that_is_in_the_middle_of_a_change() =>
        Expect.Unsupported("SQLite rollback journal", () => PackageFixtures.ReadRpm(PackageFixtures.Load("rpmdb.sqlite"), null, PackageFixtures.Load("rpmdb-hot.sqlite-journal")));

    [TestMethod]
    public void Ignores_a_journal_that_was_committed()
    {
        DiskContent journal = PackageFixtures.Load("rpmdb-hot.sqlite-journal").Patched(0, new byte[28]);

        Assert.HasCount(73, PackageFixtures.ReadRpm(PackageFixtures.Load("rpmdb.sqlite"), new MemoryContent(0), journal));
    }

    [TestMethod]
    [DataRow("/var/lib/rpm/rpmdb.sqlite", "rpmdb.sqlite")]
    [DataRow("/usr/lib/sysimage/rpm/rpmdb.sqlite", "rpmdb.sqlite")]
    [DataRow("/usr/share/rpm/rpmdb.sqlite", "rpmdb.sqlite")]
    [DataRow("/var/lib/rpm/Packages", "Packages-little")]
    [DataRow("/usr/lib/sysimage/rpm/Packages.db", "Packages.db")]
    [DataRow("/usr/lib/sysimage/rpm/Packages", "rpmdb.sqlite")]
    public void Finds_the_database_of_a_system(string path, string name)
    {
        InstalledPackages packages = InstalledPackages.Read(new ContentTree().Add(path, PackageFixtures.Load(name)))!;

        Assert.HasCount(73, packages.All);
        Assert.AreEqual(path, packages.Databases.Single());
        InstalledPackage agent = packages.Find("WALinuxAgent").Single();
        Assert.AreEqual(new InstalledPackage("WALinuxAgent", "2.9.1.1-3.el9", "noarch", PackageFormat.Rpm, path), agent);
        Assert.AreEqual("2.9.1.1", agent.UpstreamVersion);
        Assert.AreEqual(-1, agent.CompareVersion("2.10"));
        Assert.AreEqual("9.16.23", packages.Find("bind-utils").Single().UpstreamVersion);
        Assert.IsEmpty(packages.Find("walinuxagent"));
    }

    [TestMethod]
    public void Reads_the_write_ahead_log_of_a_system()
    {
        ContentTree tree = new ContentTree().Add("/var/lib/rpm/rpmdb.sqlite", PackageFixtures.Load("rpmdb-wal.sqlite")).Add("/var/lib/rpm/rpmdb.sqlite-wal", PackageFixtures.Load("rpmdb-wal.sqlite-wal"));

        Assert.IsEmpty(InstalledPackages.Read(tree)!.Find("WALinuxAgent"));
    }

    [TestMethod]
    public void Reads_the_write_ahead_log_beside_the_file_a_link_leads_to()
    {
        ContentTree tree = new ContentTree()
            .Add("/data/rpm/db", PackageFixtures.Load("rpmdb-wal.sqlite"))
            .Add("/data/rpm/db-wal", PackageFixtures.Load("rpmdb-wal.sqlite-wal"))
            .Link("/var/lib/rpm/rpmdb.sqlite", "/data/rpm/db");

        Assert.HasCount(71, InstalledPackages.Read(tree)!.All);
    }

    [TestMethod]
    public void Reads_a_database_with_two_names_once()
    {
        ContentTree tree = new ContentTree().Add("/usr/lib/sysimage/rpm/rpmdb.sqlite", PackageFixtures.Load("rpmdb.sqlite")).Link("/var/lib/rpm", "/usr/lib/sysimage/rpm");

        Assert.HasCount(73, InstalledPackages.Read(tree)!.All);
    }

    [TestMethod]
    public void Refuses_two_databases()
    {
        ContentTree tree = new ContentTree().Add("/usr/lib/sysimage/rpm/rpmdb.sqlite", PackageFixtures.Load("rpmdb.sqlite")).Add("/var/lib/rpm/Packages", PackageFixtures.Load("Packages-little"));

        Expect.Unsupported("/var/lib/rpm/Packages", () => InstalledPackages.Read(tree));
    }

    [TestMethod]
    public void A_system_without_database_has_none() => Assert.IsNull(InstalledPackages.Read(new ContentTree().Add("/etc/os-release", "ID=x")));
}
