using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Marketplace.DiskImages.Registry;

namespace Marketplace.DiskImages.Tests.Registry;

/// <summary>The hives of the fixtures, and what hivex reads from them.</summary>
internal static class Hives
{
    public static RegistryHive Everything { get; } = Open("everything");

    public static MemoryContent Load(string name) => Fixture.Load("Registry/" + name);

    public static RegistryHive Open(string name) => RegistryHive.Open(Load(name));

    /// <summary>What hivex reads, a line for each key.</summary>
    public static string[] Truth(string name) => [.. Fixture.Manifest("Registry/" + name).Select(Normalise)];

    /// <summary>The same of a hive of ours.</summary>
    public static string[] Dump(RegistryHive hive)
    {
        List<string> lines = [];
        Stack<RegistryKey> pending = new([hive.Root]);
        while (pending.TryPop(out RegistryKey? key))
        {
            object[][] values = [.. key.EnumerateValues().Select(value => (object[])[value.Name, (int)value.Type, value.Length, Convert.ToHexStringLower(SHA256.HashData(value.ReadBytes()))])];
            lines.Add(JsonSerializer.Serialize<object[]>([key.Path, key.LastWritten.ToFileTime(), values]));
            foreach (RegistryKey subkey in key.EnumerateSubkeys().Reverse())
            {
                pending.Push(subkey);
            }
        }

        return [.. lines];
    }

    /// <summary>Where the key node of a key stands in the file, its cell header left out.</summary>
    public static int NodeOf(RegistryKey key) => FileOffset(key.Node.Cell);

    /// <summary>Where the data of a cell stand in the file.</summary>
    public static int FileOffset(uint cell) => 4096 + (int)cell + 4;

    public static byte[] U32(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return bytes;
    }

    public static uint ReadU32(MemoryContent hive, long offset) => BinaryPrimitives.ReadUInt32LittleEndian(hive.ReadBytes(offset, 4));

    /// <summary>Changes a field of the base block and makes its checksum right.</summary>
    public static MemoryContent WithBaseBlock(MemoryContent hive, int offset, uint value)
    {
        MemoryContent patched = hive.Patched(offset, U32(value));
        byte[] block = patched.ReadBytes(0, 508);
        uint sum = 0;
        for (int i = 0; i < block.Length; i += 4)
        {
            sum ^= BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(i));
        }

        return patched.Patched(508, U32(sum));
    }

    private static string Normalise(string line) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(line));
}
