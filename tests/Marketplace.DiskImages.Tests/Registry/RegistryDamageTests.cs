using Marketplace.DiskImages.Registry;
using Marketplace.DiskImages.Registry.Cells;

namespace Marketplace.DiskImages.Tests.Registry;

/// <summary>One field is wrong each time; the reader names the structure, and never hangs.</summary>
[TestClass]
public sealed class RegistryDamageTests
{
    private static readonly MemoryContent Good = Hives.Load("everything");

    [TestMethod]
    [DataRow(0u)]
    [DataRow(4095u)]
    [DataRow(0x80000000u)]
    public void A_bin_of_impossible_size(uint size) => Expect.Corrupt("registry hive bin", () => RegistryHive.Open(Good.Patched(4096 + 8, Hives.U32(size))));

    [TestMethod]
    public void A_bin_that_is_elsewhere() => Expect.Corrupt("registry hive bin", () => RegistryHive.Open(Good.Patched(4096 + 4, Hives.U32(4096))));

    [TestMethod]
    public void A_bin_without_signature() => Expect.Corrupt("registry hive bin", () => RegistryHive.Open(Good.Patched(4096, 0)));

    [TestMethod]
    [DataRow(0u)]
    [DataRow(0x00001000u)]
    [DataRow(0x80000000u)]
    [DataRow(0xFFFFFFFFu)]
    [DataRow(0xFFFF0000u)]
    public void A_cell_of_impossible_size(uint size) => Expect.Corrupt("registry cell", () => RegistryHive.Open(Good.Patched(Hives.NodeOf(Hives.Everything.Root) - 4, Hives.U32(size))));

    [TestMethod]
    [DataRow(0u)]
    [DataRow(4u)]
    [DataRow(33u)]
    [DataRow(0x7FFFFFF8u)]
    [DataRow(0xFFFFFFFFu)]
    public void A_root_that_is_nowhere(uint cell) => Expect.Corrupt("registry cell", () => RegistryHive.Open(Hives.WithBaseBlock(Good, 36, cell)));

    [TestMethod]
    public void A_root_that_is_another_key() =>
        Expect.Corrupt("registry key node", () => RegistryHive.Open(Hives.WithBaseBlock(Good, 36, Hives.Everything.FindKey("Deep")!.Node.Cell)));

    [TestMethod]
    public void A_key_whose_name_is_longer_than_its_cell() =>
        Expect.Corrupt("registry key node", () => RegistryHive.Open(Good.Patched(Hives.NodeOf(Hives.Everything.Root) + 72, 0xFF, 0xFF)));

    [TestMethod]
    public void A_key_without_name() => KeyFails("registry key node", "Deep", 72, 0, 0);

    [TestMethod]
    public void A_key_of_another_parent() => KeyFails("registry key node", "Deep", 16, Hives.U32(32));

    [TestMethod]
    public void A_key_that_is_its_own_subkey()
    {
        RegistryKey deep = Hives.Everything.FindKey("Deep")!;

        ListFails("registry key node", deep, 4, Hives.U32(deep.Node.Cell));
    }

    [TestMethod]
    public void The_root_as_a_subkey() => ListFails("registry key node", Hives.Everything.FindKey("Deep")!, 4, Hives.U32(Hives.Everything.Root.Node.Cell));

    [TestMethod]
    public void Parents_that_make_a_circle()
    {
        // The grandchild's list leads back to its grandfather, who names it as his parent.
        RegistryKey first = Hives.Everything.FindKey(@"Deep\1")!;
        RegistryKey third = Hives.Everything.FindKey(@"Deep\1\2\3")!;
        MemoryContent hive = Good.Patched(Hives.FileOffset(third.Node.SubkeyList) + 4, Hives.U32(first.Node.Cell)).Patched(Hives.NodeOf(first) + 16, Hives.U32(third.Node.Cell));

        Expect.Corrupt("registry key node", () => Hives.Dump(RegistryHive.Open(hive)));
    }

    [TestMethod]
    public void A_list_that_names_a_key_twice()
    {
        RegistryKey names = Hives.Everything.FindKey("Names")!;
        uint first = Hives.ReadU32(Good, Hives.FileOffset(names.Node.SubkeyList) + 4);

        ListFails("registry subkey list", names, 12, Hives.U32(first));
    }

    [TestMethod]
    public void A_list_that_is_none() => ListFails("registry subkey list", Hives.Everything.FindKey("Names")!, 0, (byte)'x');

    [TestMethod]
    public void A_list_longer_than_its_cell() => ListFails("registry subkey list", Hives.Everything.FindKey("Names")!, 2, 0xFF, 0xFF);

    [TestMethod]
    [DataRow((byte)5)]
    [DataRow((byte)7)]
    public void A_key_with_another_number_of_subkeys(byte count) => KeyFails("registry subkey list", "Names", 20, count);

    [TestMethod]
    public void A_key_with_more_subkeys_than_the_hive_holds() => KeyFails("registry key node", "Names", 20, 0xFF, 0xFF, 0xFF, 0xFF);

    [TestMethod]
    public void A_list_that_leads_to_itself()
    {
        RegistryKey key = Hives.Everything.FindKey("Root over li")!;

        ListFails("registry subkey list", key, 4, Hives.U32(key.Node.SubkeyList));
    }

    [TestMethod]
    public void An_index_root_in_an_index_root()
    {
        uint other = Hives.Everything.FindKey("Root over lh")!.Node.SubkeyList;

        ListFails("registry subkey list", Hives.Everything.FindKey("Root over li")!, 4, Hives.U32(other));
    }

    [TestMethod]
    public void An_index_root_that_names_a_list_many_times()
    {
        RegistryKey key = Hives.Everything.FindKey("Root over li")!;
        uint first = Hives.ReadU32(Good, Hives.FileOffset(key.Node.SubkeyList) + 4);
        MemoryContent hive = Good;
        for (int i = 1; i < 15; i++)
        {
            hive = hive.Patched(Hives.FileOffset(key.Node.SubkeyList) + 4 + (i * 4), Hives.U32(first));
        }

        Expect.Corrupt("registry subkey list", () => Hives.Dump(RegistryHive.Open(hive)));
    }

    [TestMethod]
    public void A_value_list_shorter_than_the_key_says() => KeyFails("registry value list", "Sizes", 36, 0xFF, 0xFF, 0xFF, 0x7F);

    [TestMethod]
    public void A_predefined_handle_in_place_of_values()
    {
        RegistryKey key = Hives.Everything.FindKey("Sizes")!;

        Expect.Unsupported("registry key node", () => Hives.Dump(RegistryHive.Open(Good.Patched(Hives.NodeOf(key) + 2, 0x60))));
    }

    [TestMethod]
    [DataRow(4, 0x7FFFFFFFu)]
    [DataRow(4, 0x80000005u)]
    [DataRow(4, 0xFFFFFFFFu)]
    [DataRow(4, 0x00100000u)]
    [DataRow(2, 0x0000FFFFu)]
    [DataRow(0, 0u)]
    public void A_value_that_cannot_be(int field, uint value)
    {
        ValueNode node = ValueOf("", "string");

        Expect.Corrupt("registry value", () => Hives.Dump(RegistryHive.Open(Good.Patched(Hives.FileOffset(node.Cell) + field, Hives.U32(value)))));
    }

    [TestMethod]
    public void A_value_longer_than_its_cell()
    {
        ValueNode node = ValueOf("", "string");

        Expect.Corrupt("registry value", () => Hives.Dump(RegistryHive.Open(Good.Patched(Hives.FileOffset(node.Cell) + 4, Hives.U32(16344)))));
    }

    [TestMethod]
    public void A_value_that_was_deleted_from_another_hive()
    {
        ValueNode node = ValueOf("", "string");

        Expect.Unsupported("registry value", () => Hives.Dump(RegistryHive.Open(Good.Patched(Hives.FileOffset(node.Cell) + 16, 3))));
    }

    [TestMethod]
    [DataRow(0, 0u)]
    [DataRow(2, 0x0000FFFFu)]
    public void Big_data_that_cannot_be(int field, uint value)
    {
        ValueNode node = ValueOf("Sizes", "size 100000");

        Expect.Corrupt("registry big data", () => Hives.Dump(RegistryHive.Open(Good.Patched(Hives.FileOffset(node.DataCell) + field, Hives.U32(value)))));
    }

    [TestMethod]
    public void Big_data_whose_segments_are_big_data()
    {
        ValueNode node = ValueOf("Sizes", "size 100000");
        uint list = Hives.ReadU32(Good, Hives.FileOffset(node.DataCell) + 4);

        Expect.Corrupt("registry big data", () => Hives.Dump(RegistryHive.Open(Good.Patched(Hives.FileOffset(list), Hives.U32(node.DataCell)))));
        Expect.Corrupt("registry big data", () => Hives.Dump(RegistryHive.Open(Good.Patched(Hives.FileOffset(node.DataCell) + 4, Hives.U32(node.DataCell)))));
    }

    [TestMethod]
    public void A_large_value_without_big_data()
    {
        ValueNode node = ValueOf("Sizes", "size 16345");
        ValueNode plain = ValueOf("Sizes", "size 16344");

        Expect.Corrupt("registry big data", () => Hives.Dump(RegistryHive.Open(Good.Patched(Hives.FileOffset(node.Cell) + 8, Hives.U32(plain.DataCell)))));
    }

    private static void KeyFails(string structure, string path, int field, params byte[] bytes) =>
        Expect.Corrupt(structure, () => Hives.Dump(RegistryHive.Open(Good.Patched(Hives.NodeOf(Hives.Everything.FindKey(path)!) + field, bytes))));

    private static void ListFails(string structure, RegistryKey key, int field, params byte[] bytes) =>
        Expect.Corrupt(structure, () => Hives.Dump(RegistryHive.Open(Good.Patched(Hives.FileOffset(key.Node.SubkeyList) + field, bytes))));

    private static ValueNode ValueOf(string path, string name)
    {
        RegistryKey key = Hives.Everything.FindKey(path)!;
        int index = key.EnumerateValues().Select(value => value.Name).ToList().IndexOf(name);
        return ValueNode.Read(Hives.Everything.Cells, Hives.ReadU32(Good, Hives.FileOffset(key.Node.ValueList) + (index * 4)));
    }
}
