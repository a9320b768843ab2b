using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>A directory block with entries: struct xfs_dir2_data_hdr, entries and unused ranges, and in a directory of one block its index.</summary>
internal sealed class XfsDirectoryBlock
{
    private const int FixedSize = 9;
    private const int TagSize = 2;
    private const int Unit = 8;
    private const int TailSize = 8;
    private const int IndexEntrySize = 8;

    private readonly ReadOnlyMemory<byte> _raw;
    private readonly long _offset;
    private readonly string _structure;
    private readonly int _typeSize;
    private readonly int _start;
    private readonly int _end;

    private XfsDirectoryBlock(ReadOnlyMemory<byte> raw, long offset, string structure, int typeSize, int start, int end)
    {
        _raw = raw;
        _offset = offset;
        _structure = structure;
        _typeSize = typeSize;
        _start = start;
        _end = end;
    }

    /// <summary>Parses the header.</summary>
    /// <param name="bytes">The directory block.</param>
    /// <param name="volume">The file system.</param>
    /// <param name="inode">The directory.</param>
    /// <exception cref="DiskFormatException">The block is damaged or not one of this directory.</exception>
    public static XfsDirectoryBlock Parse(XfsDirectoryBytes bytes, XfsVolume volume, XfsInode inode)
    {
        long offset = bytes.Offset;
        XfsSuperblock superblock = volume.Superblock;
        string structure = XfsDirectory.StructureOf(inode);
        ReadOnlySpan<byte> span = bytes.Raw.Span;
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(span);
        (uint single, uint data, int header) = superblock.HasChecksums
            ? (XfsFormat.DirectoryBlockV5, XfsFormat.DirectoryDataV5, XfsFormat.DirectoryHeaderV5)
            : (XfsFormat.DirectoryBlockV4, XfsFormat.DirectoryDataV4, XfsFormat.DirectoryHeaderV4);
        if (magic != single && magic != data)
        {
            throw DiskFormatException.Corrupt(structure, offset, $"the magic is 0x{magic:X8}, expected 0x{single:X8} or 0x{data:X8}");
        }

        volume.Check(span, XfsBlockHeader.Directory, offset, inode.Number, structure, bytes.IsReplayed);
        int end = span.Length;
        if (magic == single)
        {
            if (inode.Size != span.Length)
            {
                throw DiskFormatException.Corrupt(structure, offset, $"the block is a whole directory, di_size is {inode.Size}");
            }

            uint count = BinaryPrimitives.ReadUInt32BigEndian(span[^TailSize..]);
            if (count > (uint)((end - header - TailSize) / IndexEntrySize))
            {
                throw DiskFormatException.Corrupt(structure, offset, $"the index has {count} entries, the block has {end} bytes");
            }

            end -= TailSize + ((int)count * IndexEntrySize);
        }

        return new XfsDirectoryBlock(bytes.Raw, offset, structure, superblock.HasFileTypes ? 1 : 0, header, end);
    }

    /// <summary>The entries in the order of the disk, with <c>.</c> and <c>..</c>.</summary>
    /// <exception cref="DiskFormatException">An entry is damaged.</exception>
    public IEnumerable<XfsDirectoryRecord> Read()
    {
        for (int position = _start; position < _end;)
        {
            ReadOnlySpan<byte> raw = _raw.Span;
            if (BinaryPrimitives.ReadUInt16BigEndian(raw[position..]) == XfsFormat.DirectoryFreeTag)
            {
                position += FreeLength(position);
                continue;
            }

            (XfsDirectoryRecord record, int length) = Entry(position);
            position += length;
            yield return record;
        }
    }

    /// <summary>The entry at a place the index gave.</summary>
    /// <param name="position">Offset in bytes within the block.</param>
    /// <returns>The entry; null when there can be none.</returns>
    /// <exception cref="DiskFormatException">The entry is damaged.</exception>
    public XfsDirectoryRecord? TryReadAt(int position) =>
        position >= _start && position <= _end - Unit && BinaryPrimitives.ReadUInt16BigEndian(_raw.Span[position..]) != XfsFormat.DirectoryFreeTag ? Entry(position).Record : null;

    // struct xfs_dir2_data_unused: freetag u16, length u16, ..., tag u16 at its end.
    private int FreeLength(int position)
    {
        ReadOnlySpan<byte> raw = _raw.Span[position.._end];
        int length = BinaryPrimitives.ReadUInt16BigEndian(raw[2..]);
        if (length == 0 || length % Unit != 0 || length > raw.Length)
        {
            throw Corrupt(position, $"an unused range has {length} bytes, {raw.Length} are left");
        }

        CheckTag(position, length);
        return length;
    }

    // struct xfs_dir2_data_entry: inumber u64, namelen u8, name, ftype u8 when the file system has it, tag u16 at its end.
    private (XfsDirectoryRecord Record, int Length) Entry(int position)
    {
        ReadOnlySpan<byte> raw = _raw.Span[position.._end];
        int nameLength = raw.Length > FixedSize ? raw[FixedSize - 1] : 0;
        int length = (FixedSize + nameLength + _typeSize + TagSize + Unit - 1) / Unit * Unit;
        if (nameLength == 0 || length > raw.Length)
        {
            throw Corrupt(position, $"an entry has a name of {nameLength} bytes, {raw.Length} bytes are left");
        }

        CheckTag(position, length);
        return (new XfsDirectoryRecord(_raw.Slice(position + FixedSize, nameLength), BinaryPrimitives.ReadUInt64BigEndian(raw)), length);
    }

    // Every entry ends with its own place, which finds a walk that has gone astray.
    private void CheckTag(int position, int length)
    {
        int tag = BinaryPrimitives.ReadUInt16BigEndian(_raw.Span[(position + length - TagSize)..]);
        if (tag != position)
        {
            throw Corrupt(position, $"the tag is {tag}, expected {position}");
        }
    }

    private DiskFormatException Corrupt(int position, string detail) => DiskFormatException.Corrupt(_structure, _offset + position, detail);
}
