using System.Buffers.Binary;
using Marketplace.DiskImages.Registry.Cells;

namespace Marketplace.DiskImages.Registry;

/// <summary>A key of a hive.</summary>
public sealed class RegistryKey
{
    private readonly RegistryHive _hive;
    private readonly int _depth;

    internal RegistryKey(RegistryHive hive, KeyNode node, string path, int depth)
    {
        _hive = hive;
        _depth = depth;
        Node = node;
        Path = path;
    }

    /// <summary>The name, in the case it was given. The name of the root has no meaning.</summary>
    public string Name => Node.Name;

    /// <summary>The names from the root to the key, separated by <c>\</c>; empty for the root.</summary>
    public string Path { get; }

    /// <summary>When the key, its values or the list of its subkeys were changed last.</summary>
    public DateTimeOffset LastWritten => RegistryFormat.ToTime(Node.LastWritten);

    /// <summary>Whether the key is a link to the key its value <c>SymbolicLinkValue</c> names. Links are not followed.</summary>
    public bool IsLink => (Node.Flags & RegistryFormat.KeySymbolicLink) != 0;

    internal KeyNode Node { get; }

    /// <summary>The subkeys in the order of the hive, read one by one.</summary>
    /// <exception cref="DiskFormatException">A list or a subkey is damaged, or there are more than 1,048,576.</exception>
    public IEnumerable<RegistryKey> EnumerateSubkeys() => SubkeyList.Enumerate(_hive.Cells, Node).Select(reference => Open(reference.Cell));

    /// <summary>The subkey of that name, upper and lower case alike, or null when there is none.</summary>
    /// <param name="name">One name, not a path.</param>
    /// <exception cref="DiskFormatException">A list or a subkey is damaged.</exception>
    public RegistryKey? FindSubkey(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        // A hash that fits is looked at first; a key is only missing when every name was read, since hashes may be wrong.
        uint hash = SubkeyList.HashOf(name);
        SubkeyReference[] references = [.. SubkeyList.Enumerate(_hive.Cells, Node)];
        foreach (SubkeyReference reference in references.OrderBy(reference => reference.Hash != hash))
        {
            KeyNode node = ReadSubkey(reference.Cell);
            if (node.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return Open(node);
            }
        }

        return null;
    }

    /// <summary>The values in the order of the hive, read one by one; their data are read when asked for.</summary>
    /// <exception cref="DiskFormatException">The list or a value is damaged.</exception>
    public IEnumerable<RegistryValue> EnumerateValues()
    {
        if (Node.ValueCount == 0)
        {
            yield break;
        }

        if ((Node.Flags & RegistryFormat.KeyPredefinedHandle) != 0)
        {
            throw DiskFormatException.Unsupported(RegistryFormat.KeyStructure, RegistryFormat.FileOffset(Node.Cell), "the key stands for a predefined handle, not for values of its own");
        }

        int length = _hive.Cells.DataLength(Node.ValueList);
        if (Node.ValueCount > length / RegistryFormat.IndexElementSize)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.ValueListStructure, RegistryFormat.FileOffset(Node.ValueList), $"the key has {Node.ValueCount} values, the list has {length} bytes");
        }

        byte[] element = new byte[RegistryFormat.IndexElementSize];
        for (int i = 0; i < (int)Node.ValueCount; i++)
        {
            _hive.Cells.Read(Node.ValueList, i * RegistryFormat.IndexElementSize, element);
            yield return new RegistryValue(_hive, ValueNode.Read(_hive.Cells, BinaryPrimitives.ReadUInt32LittleEndian(element)));
        }
    }

    /// <summary>The value of that name, upper and lower case alike, or null when there is none.</summary>
    /// <param name="name">The name; empty for the default value.</param>
    /// <exception cref="DiskFormatException">The list or a value before it is damaged.</exception>
    public RegistryValue? FindValue(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return EnumerateValues().FirstOrDefault(value => value.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private RegistryKey Open(uint cell) => Open(ReadSubkey(cell));

    private RegistryKey Open(KeyNode node) => _depth < RegistryFormat.MaxDepth
        ? new RegistryKey(_hive, node, Path.Length == 0 ? node.Name : Path + "\\" + node.Name, _depth + 1)
        : throw DiskFormatException.Unsupported(RegistryFormat.KeyStructure, RegistryFormat.FileOffset(node.Cell), $"the key lies deeper than {RegistryFormat.MaxDepth} keys");

    // Every key below the root names its one parent, so following keys that name theirs never comes back to where it was.
    private KeyNode ReadSubkey(uint cell)
    {
        KeyNode node = KeyNode.Read(_hive.Cells, cell);
        if (cell == _hive.RootCell || node.Parent != Node.Cell)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.KeyStructure, RegistryFormat.FileOffset(cell), $"a subkey of the key at 0x{Node.Cell:x} says its parent is at 0x{node.Parent:x}");
        }

        return node.Name.Length > 0
            ? node
            : throw DiskFormatException.Corrupt(RegistryFormat.KeyStructure, RegistryFormat.FileOffset(cell), "a subkey has no name");
    }
}
