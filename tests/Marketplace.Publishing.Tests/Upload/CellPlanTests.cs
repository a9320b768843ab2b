using Marketplace.DiskImages.Content;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Tests.Upload;

[TestClass]
public sealed class CellPlanTests
{
    private const int Page = 4096;

    [TestMethod]
    public void A_cell_of_zeros_is_not_sent() => Assert.IsEmpty(CellPlan.Create(new byte[PageBlobFormat.CellSize]));

    [TestMethod]
    public void A_full_cell_is_one_write_of_4_MiB()
    {
        byte[] cell = new byte[PageBlobFormat.CellSize];
        Array.Fill(cell, (byte)1);
        Assert.AreEqual(new Extent(0, PageBlobFormat.CellSize), CellPlan.Create(cell).Single());
    }

    [TestMethod]
    public void One_byte_is_one_page()
    {
        byte[] cell = new byte[PageBlobFormat.CellSize];
        cell[^1] = 1;
        Assert.AreEqual(new Extent(PageBlobFormat.CellSize - Page, Page), CellPlan.Create(cell).Single());
    }

    [TestMethod]
    public void The_last_cell_of_a_disk_may_end_within_a_page()
    {
        byte[] cell = new byte[Page + 512];
        cell[^1] = 1;
        Assert.AreEqual(new Extent(Page, 512), CellPlan.Create(cell).Single());
    }

    [TestMethod]
    public void Small_gaps_are_sent_and_wide_ones_are_not()
    {
        byte[] cell = new byte[PageBlobFormat.CellSize];
        Array.Fill(cell, (byte)1, 0, 40 * Page);
        Array.Fill(cell, (byte)1, 42 * Page, 40 * Page);
        Array.Fill(cell, (byte)1, 200 * Page, 40 * Page);
        CollectionAssert.AreEqual(new[] { new Extent(0, 82 * Page), new Extent(200 * Page, 40 * Page) }, CellPlan.Create(cell).ToArray());
    }

    [TestMethod]
    public void Any_cell_is_covered_within_the_share_of_zeros()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            byte[] cell = new byte[PageBlobFormat.CellSize];
            int pages = 0;
            double density = random.NextDouble();
            for (int page = 0; page < cell.Length / Page; page++)
            {
                if (random.NextDouble() < density)
                {
                    cell[(page * Page) + random.Next(Page)] = 1;
                    pages++;
                }
            }

            IReadOnlyList<Extent> writes = CellPlan.Create(cell);
            Assert.IsLessThanOrEqualTo(1.25 * pages * Page, writes.Sum(write => write.Length), $"seed {seed}");
            byte[] sent = new byte[cell.Length];
            long end = -1;
            foreach (Extent write in writes)
            {
                Assert.IsGreaterThan(end, write.Offset, $"seed {seed}");
                Assert.AreEqual(0, write.Offset % 512);
                cell.AsSpan((int)write.Offset, (int)write.Length).CopyTo(sent.AsSpan((int)write.Offset));
                end = write.End;
            }

            Assert.IsTrue(sent.AsSpan().SequenceEqual(cell), $"seed {seed}");
        }
    }
}
