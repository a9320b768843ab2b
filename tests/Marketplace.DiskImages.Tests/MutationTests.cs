using Marketplace.DiskImages.Testing.Mutations;

namespace Marketplace.DiskImages.Tests;

/// <summary>
/// A few mutants of every target: nothing but <see cref="DiskFormatException"/> may come of a damaged image, in bounded time and
/// memory. <c>tests/Marketplace.DiskImages.Mutations</c> runs as many as are asked for.
/// </summary>
[TestClass]
public sealed class MutationTests
{
    private const int Seed = 20261124;
    private const int Mutants = 60;

    public static IEnumerable<object[]> Targets => MutationTargets.All.Select(target => new object[] { target.Name });

    [TestMethod]
    [DynamicData(nameof(Targets))]
    public void Only_format_errors_come_of_a_damaged_image(string name)
    {
        MutationRun run = MutationRun.Execute(MutationTargets.All.Single(target => target.Name == name), Seed, Mutants);

        Assert.AreEqual(Mutants, run.Count);
    }

    [TestMethod]
    public void Mutants_are_the_same_for_the_same_seed_and_differ_from_the_image()
    {
        MutationTarget target = MutationTargets.All.Single(target => target.Name == "mbr-logical");
        MemoryContent image = target.Load();
        Mutator first = new(target, image, Seed);
        Mutator second = new(target, target.Load(), Seed);

        byte[] Read(Mutator mutator, int index) => mutator.Make(index) is var mutant ? mutant.ReadBytes(0, (int)Math.Min(mutant.Length, 1 << 16)) : [];

        Assert.IsTrue(image.ReadBytes(0, 1 << 16).AsSpan().SequenceEqual(Read(first, 0)));
        Assert.IsTrue(Enumerable.Range(0, 50).All(i => Read(first, i).AsSpan().SequenceEqual(Read(second, i))));
        Assert.IsGreaterThan(10, Enumerable.Range(1, 49).Count(i => !Read(first, i).AsSpan().SequenceEqual(image.ReadBytes(0, 1 << 16))));
    }

    [TestMethod]
    public void What_a_reader_must_not_do_fails_the_run()
    {
        MutationTarget bad = new("bad", () => new MemoryContent([1, 2, 3, 4]), (content, meter) =>
        {
            byte[] bytes = new byte[1];
            content.Read(0, bytes);
            bytes[0] = (byte)(1 / (bytes[0] - 1));
            meter.Step();
        })
        {
            Regions = image => [.. image.GetAllocatedExtents()],
        };
        MutationTarget greedy = new("greedy", () => new MemoryContent([1, 2, 3, 4]), (_, meter) =>
        {
            byte[] bytes = new byte[MutationRun.MemoryBudget + 1];
            meter.Step();
            GC.KeepAlive(bytes);
        })
        {
            Regions = image => [.. image.GetAllocatedExtents()],
        };

        Assert.Contains(nameof(DivideByZeroException), Assert.ThrowsExactly<InvalidDataException>(() => MutationRun.Execute(bad, Seed, 1)).Message);
        Assert.Contains("MiB", Assert.ThrowsExactly<InvalidDataException>(() => MutationRun.Execute(greedy, Seed, 1)).Message);
    }
}
