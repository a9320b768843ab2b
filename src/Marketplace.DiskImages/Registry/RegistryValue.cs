using System.Buffers.Binary;
using Marketplace.DiskImages.Registry.Cells;

namespace Marketplace.DiskImages.Registry;

/// <summary>A value of a key. Its data are read when asked for, each time anew.</summary>
public sealed class RegistryValue
{
    private readonly RegistryHive _hive;
    private readonly ValueNode _node;

    internal RegistryValue(RegistryHive hive, ValueNode node)
    {
        _hive = hive;
        _node = node;
    }

    /// <summary>The name, in the case it was given; empty for the default value.</summary>
    public string Name => _node.Name;

    /// <summary>The type; a number that has no name in the enumeration when it is another one.</summary>
    public RegistryValueType Type => (RegistryValueType)_node.Type;

    /// <summary>Length of the data in bytes.</summary>
    public int Length => _node.Length;

    /// <summary>All data as they stand, whatever the type.</summary>
    /// <exception cref="DiskFormatException">The data are damaged, or more than 64 MiB (Unsupported).</exception>
    public byte[] ReadBytes() => ValueData.Read(_hive.Cells, _node, _hive.MinorVersion);

    /// <summary>
    /// The text of a value of type String, ExpandString or Link; null for other types. It ends before the first NUL, as Windows programs
    /// see it (what stands behind is in <see cref="ReadBytes"/>); a missing NUL is no error, and a last odd byte is left out.
    /// </summary>
    /// <exception cref="DiskFormatException">The data cannot be read.</exception>
    public string? ReadString() => Type is RegistryValueType.String or RegistryValueType.ExpandString or RegistryValueType.Link
        ? UntilNul(CellName.ToText(ReadBytes()))
        : null;

    /// <summary>The texts of a value of type MultiString, up to the first empty one, as Windows programs see it; null for other types.</summary>
    /// <exception cref="DiskFormatException">The data cannot be read.</exception>
    public IReadOnlyList<string>? ReadStrings()
    {
        if (Type != RegistryValueType.MultiString)
        {
            return null;
        }

        List<string> strings = [];
        string text = CellName.ToText(ReadBytes());
        for (int start = 0; start < text.Length && text[start] != '\0';)
        {
            int end = text.IndexOf('\0', start);
            end = end < 0 ? text.Length : end;
            strings.Add(text[start..end]);
            start = end + 1;
        }

        return strings;
    }

    /// <summary>The number of a value of type DWord or DWordBigEndian; null for other types.</summary>
    /// <exception cref="DiskFormatException">The data cannot be read, or do not have four bytes (Corrupt).</exception>
    public uint? ReadUInt32() => Type switch
    {
        RegistryValueType.DWord => BinaryPrimitives.ReadUInt32LittleEndian(ReadNumber(sizeof(uint))),
        RegistryValueType.DWordBigEndian => BinaryPrimitives.ReadUInt32BigEndian(ReadNumber(sizeof(uint))),
        _ => null,
    };

    /// <summary>The number of a value of type QWord, DWord or DWordBigEndian; null for other types.</summary>
    /// <exception cref="DiskFormatException">The data cannot be read, or do not have eight (four) bytes (Corrupt).</exception>
    public ulong? ReadUInt64() => Type == RegistryValueType.QWord ? BinaryPrimitives.ReadUInt64LittleEndian(ReadNumber(sizeof(ulong))) : ReadUInt32();

    private static string UntilNul(string text)
    {
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }

    private byte[] ReadNumber(int size) => Length == size
        ? ReadBytes()
        : throw DiskFormatException.Corrupt(RegistryFormat.ValueStructure, RegistryFormat.FileOffset(_node.Cell), $"a number of type {Type} has {Length} bytes, not {size}");
}
