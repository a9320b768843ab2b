using System.Buffers.Binary;
using System.Text;
using Marketplace.DiskImages.Registry;

namespace Marketplace.Requirements.Tests.Support;

/// <summary>
/// Writes a registry hive of version 1.5 with one bin: Windows registry file format specification (M. Suhanov). Keys are in
/// the order of their names, as Windows has them; security descriptors are left out, nothing here reads them.
/// </summary>
internal sealed class HiveBuilder
{
    private const int BaseBlockSize = 4096;
    private const int BinHeaderSize = 32;
    private const int MaxValueSize = 16344;
    private const ushort RootFlags = 0x2C; // KEY_COMP_NAME, KEY_NO_DELETE, KEY_HIVE_ENTRY
    private const ushort KeyFlags = 0x20; // KEY_COMP_NAME
    private const uint None = 0xFFFFFFFF;

    private readonly Node _root = new("ROOT");

    /// <summary>A key without values, or an existing one left alone.</summary>
    public HiveBuilder Key(string path)
    {
        Find(path, create: true);
        return this;
    }

    /// <summary>REG_SZ; the default value has an empty name.</summary>
    public HiveBuilder Set(string path, string name, string text) => Set(path, name, RegistryValueType.String, Encoding.Unicode.GetBytes(text + "\0"));

    /// <summary>REG_EXPAND_SZ.</summary>
    public HiveBuilder SetExpand(string path, string name, string text) => Set(path, name, RegistryValueType.ExpandString, Encoding.Unicode.GetBytes(text + "\0"));

    /// <summary>REG_MULTI_SZ.</summary>
    public HiveBuilder SetMulti(string path, string name, params string[] texts) =>
        Set(path, name, RegistryValueType.MultiString, Encoding.Unicode.GetBytes(string.Concat(texts.Select(text => text + "\0")) + "\0"));

    /// <summary>REG_DWORD.</summary>
    public HiveBuilder Set(string path, string name, uint number)
    {
        byte[] data = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        return Set(path, name, RegistryValueType.DWord, data);
    }

    /// <summary>REG_QWORD.</summary>
    public HiveBuilder Set(string path, string name, ulong number)
    {
        byte[] data = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(data, number);
        return Set(path, name, RegistryValueType.QWord, data);
    }

    /// <summary>REG_BINARY.</summary>
    public HiveBuilder Set(string path, string name, byte[] data) => Set(path, name, RegistryValueType.Binary, data);

    /// <summary>A value of any type.</summary>
    public HiveBuilder Set(string path, string name, RegistryValueType type, byte[] data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, MaxValueSize);
        Find(path, create: true)!.Values[name] = (type, data);
        return this;
    }

    /// <summary>The key and all below it.</summary>
    public HiveBuilder RemoveKey(string path)
    {
        int slash = path.LastIndexOf('\\');
        Find(slash < 0 ? "" : path[..slash], create: false)?.Subkeys.Remove(path[(slash + 1)..]);
        return this;
    }

    /// <summary>One value.</summary>
    public HiveBuilder RemoveValue(string path, string name)
    {
        Find(path, create: false)?.Values.Remove(name);
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        Bin bin = new();
        uint root = WriteKey(bin, _root, None, RootFlags);
        byte[] bins = bin.ToBytes();
        byte[] file = new byte[BaseBlockSize + bins.Length];
        bins.CopyTo(file, BaseBlockSize);
        "regf"u8.CopyTo(file);
        uint[] fields = [1, 1, 0, 0, 1, 5, 0, 1, root, (uint)bins.Length, 1];
        uint checksum = 0;
        for (int i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4 + (4 * i)), fields[i]);
        }

        for (int i = 0; i < 127; i++)
        {
            checksum ^= BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4 * i));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(508), checksum);
        return file;
    }

    private Node? Find(string path, bool create)
    {
        Node key = _root;
        foreach (string name in path.Split('\\', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!key.Subkeys.TryGetValue(name, out Node? next))
            {
                if (!create)
                {
                    return null;
                }

                key.Subkeys[name] = next = new Node(name);
            }

            key = next;
        }

        return key;
    }

    private static uint WriteKey(Bin bin, Node key, uint parent, ushort flags)
    {
        byte[] name = Encoding.Latin1.GetBytes(key.Name);
        uint cell = bin.Allocate(76 + name.Length);
        uint[] subkeys = [.. key.Subkeys.Values.Select(subkey => WriteKey(bin, subkey, cell, KeyFlags))];
        uint[] values = [.. key.Values.Select(value => WriteValue(bin, value.Key, value.Value.Type, value.Value.Data))];
        Span<byte> node = bin.At(cell);
        "nk"u8.CopyTo(node);
        BinaryPrimitives.WriteUInt16LittleEndian(node[2..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(node[16..], parent);
        BinaryPrimitives.WriteUInt32LittleEndian(node[20..], (uint)subkeys.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(node[36..], (uint)values.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(node[32..], None);
        BinaryPrimitives.WriteUInt32LittleEndian(node[44..], None);
        BinaryPrimitives.WriteUInt32LittleEndian(node[48..], None);
        BinaryPrimitives.WriteUInt16LittleEndian(node[72..], (ushort)name.Length);
        name.CopyTo(node[76..]);
        uint subkeyList = subkeys.Length == 0 ? None : WriteSubkeyList(bin, [.. key.Subkeys.Keys.Zip(subkeys)]);
        uint valueList = values.Length == 0 ? None : bin.Write([.. values.SelectMany(BitConverter.GetBytes)]);
        node = bin.At(cell);
        BinaryPrimitives.WriteUInt32LittleEndian(node[28..], subkeyList);
        BinaryPrimitives.WriteUInt32LittleEndian(node[40..], valueList);
        return cell;
    }

    private static uint WriteSubkeyList(Bin bin, (string Name, uint Cell)[] subkeys)
    {
        byte[] list = new byte[4 + (8 * subkeys.Length)];
        "lh"u8.CopyTo(list);
        BinaryPrimitives.WriteUInt16LittleEndian(list.AsSpan(2), (ushort)subkeys.Length);
        for (int i = 0; i < subkeys.Length; i++)
        {
            uint hash = subkeys[i].Name.Aggregate(0u, (sum, c) => unchecked((sum * 37) + char.ToUpperInvariant(c)));
            BinaryPrimitives.WriteUInt32LittleEndian(list.AsSpan(4 + (8 * i)), subkeys[i].Cell);
            BinaryPrimitives.WriteUInt32LittleEndian(list.AsSpan(8 + (8 * i)), hash);
        }

        return bin.Write(list);
    }

    private static uint WriteValue(Bin bin, string name, RegistryValueType type, byte[] data)
    {
        byte[] value = new byte[20 + name.Length];
        "vk"u8.CopyTo(value);
        BinaryPrimitives.WriteUInt16LittleEndian(value.AsSpan(2), (ushort)name.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(value.AsSpan(4), data.Length <= 4 ? 0x80000000 | (uint)data.Length : (uint)data.Length);
        if (data.Length <= 4)
        {
            data.CopyTo(value, 8);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(value.AsSpan(8), bin.Write(data));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(value.AsSpan(12), (uint)type);
        BinaryPrimitives.WriteUInt16LittleEndian(value.AsSpan(16), name.Length > 0 ? (ushort)1 : (ushort)0);
        Encoding.Latin1.GetBytes(name).CopyTo(value, 20);
        return bin.Write(value);
    }

    private sealed class Node(string name)
    {
        public string Name => name;

        // Windows sorts by the upper-case form.
        public SortedDictionary<string, Node> Subkeys { get; } = new(StringComparer.OrdinalIgnoreCase);

        public SortedDictionary<string, (RegistryValueType Type, byte[] Data)> Values { get; } = new(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The cells of the one bin.</summary>
    private sealed class Bin
    {
        private byte[] _bytes = new byte[64 << 10];
        private int _used = BinHeaderSize;

        public uint Allocate(int size)
        {
            int cell = _used;
            int length = (4 + size + 7) & ~7;
            if (_used + length > _bytes.Length)
            {
                Array.Resize(ref _bytes, 2 * (_used + length));
            }

            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(cell), -length);
            _used += length;
            return (uint)cell;
        }

        public Span<byte> At(uint cell) => _bytes.AsSpan((int)cell + 4);

        public uint Write(ReadOnlySpan<byte> data)
        {
            uint cell = Allocate(data.Length);
            data.CopyTo(At(cell));
            return cell;
        }

        public byte[] ToBytes()
        {
            int size = (_used + 4095) & ~4095;
            byte[] bin = new byte[size];
            _bytes.AsSpan(0, _used).CopyTo(bin);
            "hbin"u8.CopyTo(bin);
            BinaryPrimitives.WriteInt32LittleEndian(bin.AsSpan(8), size);
            if (size > _used)
            {
                // What is left is one free cell.
                BinaryPrimitives.WriteInt32LittleEndian(bin.AsSpan(_used), size - _used);
            }

            return bin;
        }
    }
}
