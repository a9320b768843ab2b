using Marketplace.DiskImages.Testing.Differences;

namespace Marketplace.DiskImages.Tests;

/// <summary>
/// Single bits and bytes of metadata that a checksum covers are changed: what is read must stay the same, or an error must stand at
/// the place it concerns. <c>tests/Marketplace.DiskImages.Mutations --differences</c> runs as many as are asked for.
/// </summary>
[TestClass]
public sealed class SilentDifferenceTests
{
    private const int Seed = 20261124;
    private const int Changes = 100;

    public static IEnumerable<object[]> Targets => DifferenceTargets.All.Select(target => new object[] { target.Name });

    [TestMethod]
    [DynamicData(nameof(Targets))]
    public void No_change_of_metadata_is_silent(string name)
    {
        DifferenceRun run = DifferenceRun.Execute(DifferenceTargets.All.Single(target => target.Name == name), Seed, Changes);

        Assert.AreEqual("", string.Join("\n", run.Silent));
    }

    [TestMethod]
    public void What_differs_without_an_error_is_found()
    {
        ContentDigest good = new();
        good.Add("/a", () => "1");
        good.Add("/a/b", () => "2");
        ContentDigest other = new();
        other.Add("/a", () => "1");
        ContentDigest refused = new();
        refused.Guard("/a", () => throw DiskFormatException.Corrupt("x", 0, "y"));
        ContentDigest more = new();
        more.Add("/a", () => "1");
        more.Add("/a/b", () => "2");
        more.Add("/c", () => "3");

        Assert.AreEqual("/a/b: 2 became nothing", good.FindSilentDifference(other));
        Assert.AreEqual("/c: there is now 3", good.FindSilentDifference(more));
        Assert.IsNull(good.FindSilentDifference(refused));
        Assert.IsNull(good.FindSilentDifference(good));
    }
}
