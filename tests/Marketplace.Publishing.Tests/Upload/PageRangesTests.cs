using Marketplace.DiskImages.Content;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Tests.Upload;

[TestClass]
public sealed class PageRangesTests
{
    [TestMethod]
    public void Joins_what_touches() =>
        CollectionAssert.AreEqual(
            new[] { new Extent(0, 30), new Extent(40, 10) },
            PageRanges.Join([new Extent(40, 10), new Extent(10, 10), new Extent(0, 10), new Extent(15, 15)]).ToArray());

    // Against a set of bytes, which cannot be wrong.
    [TestMethod]
    public void Subtracts()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            IReadOnlyList<Extent> left = Some(random);
            IReadOnlyList<Extent> right = Some(random);
            IEnumerable<long> expected = Bytes(left).Except(Bytes(right));
            CollectionAssert.AreEqual(expected.ToArray(), Bytes(PageRanges.Subtract(left, right)).ToArray(), $"seed {seed}");
        }
    }

    private static IReadOnlyList<Extent> Some(Random random) =>
        PageRanges.Join(Enumerable.Range(0, random.Next(6)).Select(_ => new Extent(random.Next(40), random.Next(1, 12))));

    private static IEnumerable<long> Bytes(IEnumerable<Extent> extents) =>
        extents.SelectMany(extent => Enumerable.Range(0, (int)extent.Length).Select(index => extent.Offset + index));
}
