using Marketplace.DiskImages.Packages;

namespace Marketplace.DiskImages.Tests.Packages;

/// <summary>Versions are ordered as rpm and dpkg themselves order them.</summary>
[TestClass]
public sealed class VersionTests
{
    [TestMethod]
    public void Orders_parts_as_rpm_does() => Check("rpm-versions", RpmVersion.ComparePart);

    [TestMethod]
    public void Orders_epochs_and_releases_as_rpm_does() => Check("rpm-epochs", RpmVersion.Compare);

    [TestMethod]
    public void Orders_versions_as_dpkg_does() => Check("dpkg-versions", DebianVersion.Compare);

    private static void Check(string name, Func<string, string, int> compare)
    {
        string[] lines = PackageFixtures.Truth(name);
        List<string> wrong = [];
        foreach (string[] fields in lines.Select(line => line.Split('|')))
        {
            int order = compare(fields[0], fields[1]);
            if (order != int.Parse(fields[2], System.Globalization.CultureInfo.InvariantCulture) || compare(fields[1], fields[0]) != -order)
            {
                wrong.Add($"{string.Join('|', fields)}: {order}");
            }
        }

        Assert.IsEmpty(wrong, string.Join('\n', wrong.Take(20)));
        Assert.IsGreaterThanOrEqualTo(100, lines.Length);
    }
}
