using Marketplace.DiskImages.Packages;

namespace Marketplace.DiskImages.Tests.Packages;

[TestClass]
public sealed class DpkgTests
{
    private const string Status = "/var/lib/dpkg/status";

    [TestMethod]
    public void Reads_what_dpkg_reads() =>
        CollectionAssert.AreEqual(PackageFixtures.Truth("dpkg-status"), PackageFixtures.Lines(System().All));

    [TestMethod]
    public void Reads_changes_that_were_not_merged() => CollectionAssert.AreEqual(
        PackageFixtures.Truth("dpkg-updates"),
        PackageFixtures.Lines(System(("/var/lib/dpkg/updates/0000", Fixture.Text("Packages/dpkg-update-0000")), ("/var/lib/dpkg/updates/0001", Fixture.Text("Packages/dpkg-update-0001")), ("/var/lib/dpkg/updates/tmp.i", "not finished")).All));

    [TestMethod]
    public void Reads_a_file_for_each_package()
    {
        InstalledPackages packages = InstalledPackages.Read(new ContentTree()
            .Add("/var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12.4\nArchitecture: amd64\n")
            .Add("/var/lib/dpkg/status.d/base.md5sums", "0123  etc/x\n"))!;

        CollectionAssert.AreEqual((string[])["base-files\t12.4\tamd64"], PackageFixtures.Lines(packages.All));
        Assert.AreEqual("/var/lib/dpkg/status.d", packages.Databases.Single());
    }

    [TestMethod]
    public void Tells_architectures_and_databases_apart()
    {
        InstalledPackages packages = System();

        CollectionAssert.AreEquivalent((string[])["amd64", "i386"], packages.Find("libssl3").Select(package => package.Architecture).ToArray());
        Assert.AreEqual(Status, packages.Databases.Single());
        Assert.AreEqual("2.2.46", packages.Find("walinuxagent").Single().UpstreamVersion);
        Assert.AreEqual(-1, packages.Find("walinuxagent").Single().CompareVersion("2.2.46+git20200101"));
        Assert.AreEqual("2.3", packages.Find("with-epoch").Single().UpstreamVersion);
    }

    [TestMethod]
    [DataRow("install ok installed", true)]
    [DataRow("hold ok installed", true)]
    [DataRow("install ok triggers-pending", true)]
    [DataRow("deinstall ok config-files", false)]
    [DataRow("install ok unpacked", false)]
    [DataRow("install ok half-configured", false)]
    [DataRow("install ok not-installed", false)]
    public void Counts_what_is_installed(string status, bool isInstalled) =>
        Assert.HasCount(isInstalled ? 1 : 0, Read($"Package: p\nStatus: {status}\nVersion: 1\n").All);

    [TestMethod]
    [DataRow("install ok unpacked", true)]
    [DataRow("install ok half-configured", true)]
    [DataRow("install reinstreq half-installed", true)]
    [DataRow("install ok installed", false)]
    [DataRow("install ok triggers-pending", false)]
    [DataRow("deinstall ok config-files", false)]
    public void Tells_what_was_left_in_the_middle(string status, bool isUnfinished) =>
        Assert.HasCount(isUnfinished ? 1 : 0, Read($"Package: p\nStatus: {status}\nVersion: 1\n").Unfinished);

    [TestMethod]
    public void A_later_change_finishes_a_package() => CollectionAssert.DoesNotContain(
        System(("/var/lib/dpkg/updates/0000", "Package: p\nStatus: install ok unpacked\nVersion: 2\n"), ("/var/lib/dpkg/updates/0001", "Package: p\nStatus: install ok installed\nVersion: 2\n")).Unfinished.Select(package => package.Name).ToArray(),
        "p");

    [TestMethod]
    public void Tells_what_the_real_dpkg_left_in_the_middle() => CollectionAssert.Contains(System().Unfinished.Select(package => package.Name).ToArray(), "unpacked");

    [TestMethod]
    [DataRow("Package: p\nStatus: install ok installed\nVersion: 1\nnonsense\n")]
    [DataRow("Package: p\nStatus: install ok installed\n")]
    [DataRow("Status: install ok installed\nVersion: 1\n")]
    [DataRow("\0\0\0\0\0\0\0\0")]
    [DataRow("Package: p\n\0\0\0: 1\n")]
    public void Refuses_a_damaged_database(string text) => Expect.Corrupt(Status, () => Read(text));

    [TestMethod]
    public void An_empty_database_has_no_packages() => Assert.IsEmpty(Read("").All);

    private static InstalledPackages Read(string text) => InstalledPackages.Read(new ContentTree().Add(Status, text))!;

    private static InstalledPackages System(params (string Path, string Text)[] files)
    {
        ContentTree tree = new ContentTree().Add(Status, Fixture.Text("Packages/dpkg-status"));
        foreach ((string path, string text) in files)
        {
            tree.Add(path, text);
        }

        return InstalledPackages.Read(tree)!;
    }
}
