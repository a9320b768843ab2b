using System.Text;
using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux.Software;

[TestClass]
public sealed class OpenSslTests
{
    private const string Dpkg = "/var/lib/dpkg/status";
    private const string Program = "/usr/bin/openssl";

    [TestMethod]
    [DataRow("3.0.11-1~deb12u2", "")]
    [DataRow("3.0.0-1", "")]
    [DataRow("1:3.2.2-6.el9", "")]
    [DataRow("10.0.0-1", "")]
    [DataRow("1.1.1f-1ubuntu2.24", "")]
    [DataRow("1.0.2k-26.el7", "")]
    [DataRow("1.1.0l-1~deb9u1", "Error")]
    [DataRow("1.0.1e-60.el7", "Error")]
    [DataRow("0.9.8zh-1", "Error")]
    [DataRow("2.9.9-1", "Error")]
    public void Judges_the_package(string version, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add(Dpkg, $"Package: openssl\nStatus: install ok installed\nVersion: {version}\n").Severities<OpenSslIsRecent>());

    [TestMethod]
    public void The_guide_recommends_less()
    {
        Observation old = LinuxTrees.Debian().Add(Dpkg, "Package: openssl\nStatus: install ok installed\nVersion: 0.9.8-1\n").Check<OpenSslIsRecent>().Observations.Single();
        Observation middle = LinuxTrees.Debian().Add(Dpkg, "Package: openssl\nStatus: install ok installed\nVersion: 1.1.0-1\n").Check<OpenSslIsRecent>().Observations.Single();

        Assert.AreEqual((Model.Severity.Warning, Model.Severity.None), (old.Guide, middle.Guide));
    }

    [TestMethod]
    public void Takes_the_newest_of_the_packages_of_SUSE() => Assert.AreEqual(
        "",
        LinuxTrees.Debian().Add(Dpkg, "Package: openssl-1_0_0\nStatus: install ok installed\nVersion: 1.0.0p-1\n\nPackage: openssl-3\nStatus: install ok installed\nVersion: 3.1.4-1\n").Severities<OpenSslIsRecent>());

    [TestMethod]
    [DataRow("Package: openssl\nStatus: deinstall ok config-files\nVersion: 3.0.11-1\n")]
    [DataRow("Package: libssl3\nStatus: install ok installed\nVersion: 3.0.11-1\n")]
    [DataRow("Package: openssl-blacklist\nStatus: install ok installed\nVersion: 3.0.11-1\n")]
    public void Without_the_program_it_fails(string status) =>
        Assert.AreEqual("Error", LinuxTrees.Debian().Add(Dpkg, status).Severities<OpenSslIsRecent>());

    [TestMethod]
    [DataRow("OpenSSL 3.0.13 30 Jan 2024", "")]
    [DataRow("OpenSSL 1.0.2k-fips  26 Jan 2017", "")]
    [DataRow("OpenSSL 1.0.1e-fips 11 Feb 2013", "Error")]
    public void Reads_what_the_library_says_where_there_is_no_package(string text, string severities)
    {
        byte[] library = new byte[600_000];
        Encoding.ASCII.GetBytes("OpenSSL default\0OpenSSL 9.9.9\0").CopyTo(library, 100);

        // Across the border of two blocks.
        Encoding.ASCII.GetBytes(text + "\0").CopyTo(library, (256 * 1024) - 12);

        Assert.AreEqual(severities, LinuxTrees.Debian().Remove("/var/lib/dpkg").Add(Program, "\u007FELF").Add("/usr/lib/x86_64-linux-gnu/libcrypto.so.3", library).Severities<OpenSslIsRecent>());
    }

    [TestMethod]
    public void Looks_into_the_library_when_RPM_has_only_another_package()
    {
        using DiskFolder folder = new();
        byte[] database = File.ReadAllBytes(folder.Packed("rpmdb.sqlite", "Packages/rpmdb.sqlite"));
        MemoryTree tree = LinuxTrees.Debian().Remove("/var/lib/dpkg").Add("/var/lib/rpm/rpmdb.sqlite", database);

        Assert.AreEqual("Error", tree.Severities<OpenSslIsRecent>());
        Assert.AreEqual("", tree.Add(Program, "x").Add("/usr/lib64/libcrypto.so.3.0.7", "OpenSSL 3.0.7 1 Nov 2022\0").Severities<OpenSslIsRecent>());
    }

    [TestMethod]
    public void Is_inconclusive_when_the_version_is_nowhere_or_cannot_be_read()
    {
        Assert.ThrowsExactly<CannotCheckException>(() => LinuxTrees.Debian().Remove("/var/lib/dpkg").Add(Program, "x").Add("/usr/lib64/libcrypto.so.3", "none").Check<OpenSslIsRecent>());
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Add("/var/lib/rpm/rpmdb.sqlite", "x").Check<OpenSslIsRecent>());
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Unreadable(Dpkg).Check<OpenSslIsRecent>());
    }
}
