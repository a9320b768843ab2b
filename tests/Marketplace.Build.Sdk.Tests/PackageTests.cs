using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Marketplace.Build.Sdk.Tests.Harness;

namespace Marketplace.Build.Sdk.Tests;

[TestClass]
public sealed partial class PackageTests
{
    [TestMethod]
    public void Holds_exactly_the_entries_of_the_golden_list()
    {
        using var package = ZipFile.OpenRead(PackedSdk.Package);
        var entries = package.Entries
            .Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml")
            .Order(StringComparer.Ordinal);
        var golden = File.ReadAllLines(Repository.Path("tests", "Marketplace.Build.Sdk.Tests", "package-entries.txt"));
        Assert.AreEqual(string.Join('\n', golden), string.Join('\n', entries));
    }

    [TestMethod]
    public void Leaves_the_assemblies_of_MSBuild_to_MSBuild()
    {
        using var package = ZipFile.OpenRead(PackedSdk.Package);
        Assert.IsEmpty(package.Entries.Where(entry => entry.Name.StartsWith("Microsoft.Build", StringComparison.OrdinalIgnoreCase)));
    }

    [TestMethod]
    public void Has_a_page_for_every_code_and_a_code_for_every_page()
    {
        var codes = ((string[])["src", "sdk"])
            .SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*", SearchOption.AllDirectories))
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".targets", StringComparison.Ordinal))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Code().Matches(File.ReadAllText(file)).Select(match => match.Value));
        var pages = Directory.EnumerateFiles(Repository.Path("docs"), "MKT*.md").Select(file => Path.GetFileNameWithoutExtension(file)!);
        Assert.AreEqual(string.Join('\n', codes.Distinct().Order(StringComparer.Ordinal)), string.Join('\n', pages.Order(StringComparer.Ordinal)));
    }

    [TestMethod]
    public void Is_an_MSBuild_SDK_without_dependencies()
    {
        using var package = ZipFile.OpenRead(PackedSdk.Package);
        using var stream = package.GetEntry("Marketplace.Build.Sdk.nuspec")!.Open();
        var nuspec = XDocument.Load(stream);
        var space = nuspec.Root!.Name.Namespace;
        var metadata = nuspec.Root.Element(space + "metadata")!;
        Assert.AreEqual("MSBuildSdk", metadata.Element(space + "packageTypes")!.Element(space + "packageType")!.Attribute("name")!.Value);
        Assert.AreEqual("MIT", metadata.Element(space + "license")!.Value);
        Assert.IsNull(metadata.Element(space + "dependencies"));
    }

    [GeneratedRegex("MKT[0-9]{4}")]
    private static partial Regex Code();
}
