using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Registry;

namespace Marketplace.DiskImages.Tests.Registry;

/// <summary>
/// Hives to which a write was not finished. The sequence numbers of the hive are 11 and 10; LOG1 has the entries 10 and 11, which make
/// of it what hivex reads from dirty-middle and more, LOG2 has 12, after which it is dirty-after.
/// </summary>
[TestClass]
public sealed class HiveRecoveryTests
{
    private const int FirstEntry = 512;

    [TestMethod]
    [DataRow("dirty.LOG1", "dirty.LOG2")]
    [DataRow("dirty.LOG2", "dirty.LOG1")]
    [DataRow("dirty-all.LOG1")]
    [DataRow("dirty-all.LOG1", "dirty-stale.LOG2")]
    [DataRow("dirty-stale.LOG2", "dirty-all.LOG1")]
    [DataRow("dirty-old.LOG1")]
    [DataRow("dirty-old.LOG1", "dirty-old-other.LOG2")]
    [DataRow("dirty-old-other.LOG2", "dirty-old.LOG1")]
    [DataRow("dirty-old.LOG1", "dirty-all.LOG1")]
    public void Logs_are_put_over_the_hive(params string[] logs)
    {
        RegistryHive hive = Open(Hives.Load("dirty"), logs);

        Assert.IsTrue(hive.WasRecovered);
        CollectionAssert.AreEqual(Hives.Truth("dirty-after"), Hives.Dump(hive));
    }

    [TestMethod]
    public void The_hive_itself_is_left_alone()
    {
        MemoryContent hive = Hives.Load("dirty");
        byte[] before = hive.ReadBytes(0, (int)hive.Length);

        Hives.Dump(Open(hive, ["dirty.LOG1", "dirty.LOG2"]));

        CollectionAssert.AreEqual(before, hive.ReadBytes(0, (int)hive.Length));
    }

    [TestMethod]
    public void A_last_entry_that_was_not_finished_does_not_count()
    {
        MemoryContent log = Hives.Load("dirty.LOG1");
        int second = FirstEntry + (int)Hives.ReadU32(log, FirstEntry + 4);

        RegistryHive hive = RegistryHive.Open(Hives.Load("dirty"), log.Patched(second + 5000, 0xAA, 0x55));

        CollectionAssert.AreEqual(Hives.Truth("dirty-middle"), Hives.Dump(hive));
    }

    [TestMethod]
    [DataRow(FirstEntry)]
    [DataRow(FirstEntry + 4)]
    [DataRow(FirstEntry + 12)]
    [DataRow(FirstEntry + 16)]
    [DataRow(FirstEntry + 24)]
    [DataRow(FirstEntry + 32)]
    [DataRow(FirstEntry + 40)]
    [DataRow(FirstEntry + 2000)]
    public void A_log_without_an_intact_entry_is_no_log(int offset)
    {
        MemoryContent log = Hives.Load("dirty.LOG1");

        Expect.Unsupported("registry base block", () => RegistryHive.Open(Hives.Load("dirty"), log.Patched(offset, (byte)(log.ReadBytes(offset, 1)[0] ^ 0x40))));
    }

    [TestMethod]
    public void A_gap_between_the_logs_is_refused()
    {
        MemoryContent log = Hives.Load("dirty.LOG1");
        int second = FirstEntry + (int)Hives.ReadU32(log, FirstEntry + 4);

        Expect.Unsupported("registry log", () => RegistryHive.Open(Hives.Load("dirty"), log.Patched(second, 0), Hives.Load("dirty.LOG2")));
    }

    [TestMethod]
    public void A_gap_before_the_first_log_is_refused_when_another_is_damaged() =>
        Expect.Unsupported("registry log", () => RegistryHive.Open(Hives.Load("dirty"), Hives.Load("dirty.LOG1").Patched(508, 0, 0), Hives.Load("dirty.LOG2")));

    [TestMethod]
    public void Entries_that_begin_later_count_when_no_log_is_damaged() =>
        CollectionAssert.AreEqual(Hives.Truth("dirty-middle"), Hives.Dump(Open(Hives.Load("dirty"), ["dirty-late.LOG1"])));

    [TestMethod]
    public void Entries_from_before_the_hive_to_after_it_are_refused() =>
        Expect.Unsupported("registry log", () => Open(Hives.Load("dirty"), ["dirty-across.LOG2"]));

    [TestMethod]
    public void An_entry_that_is_nonsense_is_refused() => Expect.Corrupt("registry log entry", () => Open(Hives.Load("dirty"), ["dirty-nonsense.LOG1"]));

    [TestMethod]
    public void Two_logs_of_dirty_pages_that_could_both_apply_are_refused()
    {
        Expect.Unsupported("registry log", () => Open(Hives.Load("dirty"), ["dirty-old.LOG1", "dirty-old.LOG1"]));
        Expect.Unsupported("registry log", () => Open(Hives.Load("dirty"), ["dirty-old.LOG1", "dirty-old-later.LOG2"]));
    }

    [TestMethod]
    public void A_log_of_dirty_pages_from_another_write_does_not_count() => Expect.Unsupported("registry base block", () => Open(Hives.Load("dirty"), ["dirty-old-other.LOG2"]));

    [TestMethod]
    public void A_log_of_dirty_pages_that_is_cut_off_is_refused()
    {
        MemoryContent log = Hives.Load("dirty-old.LOG1");

        Expect.Truncated("registry log", () => RegistryHive.Open(Hives.Load("dirty"), log.Resized(log.Length - 512)));
        Expect.Truncated("registry log", () => RegistryHive.Open(Hives.Load("dirty"), log.Resized(520)));
    }

    [TestMethod]
    [DataRow(28672u - 512)]
    [DataRow(28672u - 1)]
    [DataRow(0xFFFFFFFFu)]
    public void A_log_of_dirty_pages_with_an_impossible_size_is_refused(uint size) =>
        Expect.Corrupt("registry log", () => RegistryHive.Open(Hives.Load("dirty"), Hives.WithBaseBlock(Hives.Load("dirty-old.LOG1"), 40, size)));

    [TestMethod]
    [DataRow("dirty-all.LOG1")]
    [DataRow("dirty-old.LOG1")]
    public void A_damaged_base_block_is_taken_from_the_log(string log) =>
        CollectionAssert.AreEqual(Hives.Truth("dirty-after"), Hives.Dump(Open(Hives.Load("dirty").Patched(0, new byte[512]), [log])));

    [TestMethod]
    public void A_damaged_base_block_with_two_logs_is_refused() =>
        Expect.Unsupported("registry log", () => Open(Hives.Load("dirty").Patched(508, 0), ["dirty.LOG1", "dirty.LOG2"]));

    [TestMethod]
    public void A_damaged_base_block_without_log_is_corrupt() => Expect.Corrupt("registry base block", () => Open(Hives.Load("dirty-before").Patched(508, 0), []));

    [TestMethod]
    public void A_dirty_hive_without_log_is_refused()
    {
        Expect.Unsupported("registry base block", () => Open(Hives.Load("dirty"), []));
        Expect.Unsupported("registry base block", () => RegistryHive.Open(Hives.Load("dirty"), new MemoryContent(0), new MemoryContent(8192)));
    }

    [TestMethod]
    public void A_clean_hive_ignores_its_logs()
    {
        RegistryHive hive = Open(Hives.Load("dirty-before"), ["dirty.LOG1", "dirty.LOG2"]);

        Assert.IsFalse(hive.WasRecovered);
        CollectionAssert.AreEqual(Hives.Truth("dirty-before"), Hives.Dump(hive));
    }

    [TestMethod]
    public void Logs_are_found_beside_the_hive_whatever_their_case()
    {
        ContentTree tree = new ContentTree()
            .Add("/Windows/System32/config/SYSTEM", Hives.Load("dirty"))
            .Add("/Windows/System32/config/SYSTEM.LOG", new MemoryContent(0))
            .Add("/Windows/System32/config/SYSTEM.log1", Hives.Load("dirty.LOG1"))
            .Add("/Windows/System32/config/SYSTEM.LOG2", Hives.Load("dirty.LOG2"));

        CollectionAssert.AreEqual(Hives.Truth("dirty-after"), Hives.Dump(RegistryHive.Open(tree, "/Windows/System32/config/SYSTEM")!));
    }

    private static RegistryHive Open(MemoryContent hive, string[] logs) => RegistryHive.Open(hive, [.. logs.Select(log => (DiskContent)Hives.Load(log))]);
}
