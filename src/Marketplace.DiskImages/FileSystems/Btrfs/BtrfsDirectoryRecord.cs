using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>A name in a directory: struct btrfs_dir_item.</summary>
/// <param name="Name">The bytes of the name.</param>
/// <param name="Location">The inode of the same subvolume, or the root item of another subvolume.</param>
/// <param name="Type">Type of the file, BTRFS_FT_*.</param>
internal readonly record struct BtrfsDirectoryRecord(byte[] Name, BtrfsKey Location, byte Type)
{
    /// <summary>Bytes before the name: location key, transid u64, data_len u16, name_len u16, type u8.</summary>
    private const int HeaderSize = BtrfsFormat.KeySize + 13;

    /// <summary>Whether the name leads to another subvolume.</summary>
    public bool IsSubvolume => Location.Type == BtrfsFormat.RootItemKey;

    /// <summary>Parses the records of one item: names with the same hash are in the same item.</summary>
    /// <param name="item">A directory item (by hash) or a directory index (by order of creation).</param>
    /// <exception cref="DiskFormatException">The item is damaged.</exception>
    public static List<BtrfsDirectoryRecord> ParseAll(BtrfsItem item)
    {
        List<BtrfsDirectoryRecord> records = new(1);
        ReadOnlySpan<byte> rest = item.Data;
        while (!rest.IsEmpty)
        {
            records.Add(Parse(rest, item, out int size));
            rest = rest[size..];
        }

        return records.Count == 1 || (records.Count > 1 && item.Key.Type == BtrfsFormat.DirectoryItemKey)
            ? records
            : throw Corrupt(item, $"the item has {records.Count} names");
    }

    /// <summary>The kind the type stands for; null for one that is no file.</summary>
    public FileKind? Kind => Type switch
    {
        1 => FileKind.Regular,
        2 => FileKind.Directory,
        3 => FileKind.CharacterDevice,
        4 => FileKind.BlockDevice,
        5 => FileKind.NamedPipe,
        6 => FileKind.Socket,
        7 => FileKind.SymbolicLink,
        _ => null,
    };

    /// <summary>The directory in messages.</summary>
    public static string StructureOf(ulong directory) => $"Btrfs directory {directory}";

    private static BtrfsDirectoryRecord Parse(ReadOnlySpan<byte> raw, BtrfsItem item, out int size)
    {
        if (raw.Length < HeaderSize)
        {
            throw Corrupt(item, $"{raw.Length} bytes are left for a name of at least {HeaderSize}");
        }

        int dataLength = BinaryPrimitives.ReadUInt16LittleEndian(raw[25..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(raw[27..]);
        size = HeaderSize + nameLength;
        if (dataLength != 0 || nameLength is 0 or > BtrfsFormat.MaxName || size > raw.Length)
        {
            throw Corrupt(item, $"name_len is {nameLength} and data_len {dataLength} with {raw.Length} bytes left");
        }

        BtrfsDirectoryRecord record = new(raw.Slice(HeaderSize, nameLength).ToArray(), BtrfsKey.Parse(raw), raw[29]);
        if (record.Name.AsSpan().ContainsAny((byte)'/', (byte)0) || record.Kind is null
            || (record.Location.Type != BtrfsFormat.InodeItemKey && !(record.IsSubvolume && record.Kind == FileKind.Directory)))
        {
            throw Corrupt(item, $"a name of type {record.Type} leads to {record.Location}");
        }

        if (item.Key.Type == BtrfsFormat.DirectoryItemKey && BtrfsChecksum.HashName(record.Name) != item.Key.Offset)
        {
            throw Corrupt(item, $"a name has the hash 0x{BtrfsChecksum.HashName(record.Name):X8}, the item 0x{item.Key.Offset:X8}");
        }

        return record;
    }

    private static DiskFormatException Corrupt(BtrfsItem item, string detail) => DiskFormatException.Corrupt(StructureOf(item.Key.ObjectId), item.Position, detail);
}
