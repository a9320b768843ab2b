using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

/// <summary>The agent where only the database of the packages tells its version.</summary>
[TestClass]
public sealed class AgentPackageTests
{
    private const string Dpkg = "/var/lib/dpkg/status";
    private const string Rpm = "/var/lib/rpm/rpmdb.sqlite";

    [TestMethod]
    [DataRow("walinuxagent", "2.2.46-0ubuntu5.1", "2.2.46", "Warning")]
    [DataRow("waagent", "1:2.9.1.1-1", "2.9.1.1", "Info")]
    public void Reads_the_package_of_dpkg(string name, string version, string expected, string severity)
    {
        MemoryTree tree = WithoutVersion().Add(Dpkg, $"Package: {name}\nStatus: hold ok installed\nVersion: {version}\n");

        Assert.AreEqual((Version.Parse(expected), Dpkg), (new LinuxSystem(tree).Agent.Version, new LinuxSystem(tree).Agent.VersionPath));
        Assert.AreEqual(severity, tree.Severities<AgentIsInstalled>());
    }

    [TestMethod]
    public void Reads_the_package_of_RPM()
    {
        MemoryTree tree = WithoutVersion().Add(Rpm, Database("rpmdb.sqlite"));

        Assert.AreEqual((new Version(2, 9, 1, 1), Rpm), (new LinuxSystem(tree).Agent.Version, new LinuxSystem(tree).Agent.VersionPath));
        Assert.AreEqual("Info", tree.Severities<AgentIsInstalled>());
    }

    [TestMethod]
    public void An_older_package_of_RPM_is_reported()
    {
        // The same database in which the version is another one of the same length.
        byte[] database = Database("rpmdb.sqlite");
        ReadOnlySpan<byte> strings = "WALinuxAgent\02.9.1.1\0"u8;
        "2.2.0.0"u8.CopyTo(database.AsSpan(database.AsSpan().IndexOf(strings) + "WALinuxAgent".Length + 1));
        MemoryTree tree = WithoutVersion().Add(Rpm, database);

        Assert.AreEqual("Warning", tree.Severities<AgentIsInstalled>());
        Assert.AreEqual("Error", tree.Add("/etc/waagent.conf", "AutoUpdate.Enabled=n\n").Severities<AgentIsInstalled>());
    }

    [TestMethod]
    public void A_package_that_was_removed_tells_no_version()
    {
        Assert.ThrowsExactly<CannotCheckException>(() => WithoutVersion().Add(Dpkg, "Package: waagent\nStatus: deinstall ok config-files\nVersion: 2.9.1.1-1\n").Check<AgentIsInstalled>());
        Assert.ThrowsExactly<CannotCheckException>(() =>
            WithoutVersion().Add(Rpm, Database("rpmdb-wal.sqlite")).Add(Rpm + "-wal", Database("rpmdb-wal.sqlite-wal")).Check<AgentIsInstalled>());
    }

    [TestMethod]
    public void The_files_count_when_the_package_was_removed_and_they_were_left() =>
        Assert.AreEqual("Info", LinuxTrees.Debian().Add(Dpkg, "Package: waagent\nStatus: deinstall ok config-files\nVersion: 2.2.0-1\n").Severities<AgentIsInstalled>());

    [TestMethod]
    public void A_damaged_database_is_inconclusive()
    {
        byte[] database = Database("rpmdb.sqlite");
        database.AsSpan(4096).Clear();

        Assert.ThrowsExactly<DiskFormatException>(() => WithoutVersion().Add(Rpm, database).Check<AgentIsInstalled>());
        Assert.ThrowsExactly<DiskFormatException>(() => WithoutVersion().Add(Rpm, "").Check<AgentIsInstalled>());
        Assert.ThrowsExactly<DiskFormatException>(() => WithoutVersion().Add(Dpkg, new byte[5000]).Check<AgentIsInstalled>());
    }

    [TestMethod]
    public void A_database_in_the_middle_of_a_change_is_inconclusive() =>
        Assert.ThrowsExactly<DiskFormatException>(() => WithoutVersion().Add(Rpm, Database("rpmdb.sqlite")).Add(Rpm + "-journal", Database("rpmdb-hot.sqlite-journal")).Check<AgentIsInstalled>());

    [TestMethod]
    public void A_damaged_database_does_not_matter_when_the_files_tell() =>
        Assert.AreEqual("Info", LinuxTrees.Debian().Add(Rpm, "x").Severities<AgentIsInstalled>());

    private static MemoryTree WithoutVersion() => LinuxTrees.Debian().Remove("/usr/lib/python3/dist-packages/azurelinuxagent").Remove("/var/lib/dpkg");

    private static byte[] Database(string name)
    {
        using DiskFolder folder = new();
        return File.ReadAllBytes(folder.Packed(name, "Packages/" + name));
    }
}
