using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>A name in a directory and the inode it leads to.</summary>
/// <param name="Name">The bytes of the name.</param>
/// <param name="Inode">The inode number.</param>
internal readonly record struct ExtDirectoryRecord(ReadOnlyMemory<byte> Name, uint Inode);

/// <summary>
/// The entries of a directory, read one block after the other. An index (htree) needs no code of its own: its blocks
/// look like directory blocks without names, except that they have their own place for the checksum.
/// </summary>
internal sealed class ExtDirectory
{
    private const int HeaderSize = 8;
    private const int InlineParentSize = 4;
    private const int IndexRootCountOffset = 0x20;
    private const int IndexNodeCountOffset = 0x08;
    private const int IndexEntrySize = 8;

    private readonly ExtVolume _volume;
    private readonly ExtInode _inode;
    private readonly int _blockSize;

    /// <param name="volume">The file system.</param>
    /// <param name="inode">The inode of a directory.</param>
    public ExtDirectory(ExtVolume volume, ExtInode inode)
    {
        _volume = volume;
        _inode = inode;
        _blockSize = volume.Superblock.BlockSize;
    }

    /// <summary>The entries in the order of the disk, without <c>.</c> and <c>..</c>.</summary>
    /// <exception cref="DiskFormatException">The directory is damaged, encrypted or larger than <see cref="ExtFormat.MaxDirectorySize"/>.</exception>
    public IEnumerable<ExtDirectoryRecord> Read()
    {
        if (_inode.IsEncrypted)
        {
            throw DiskFormatException.Unsupported(_inode.Structure, _inode.Offset, "the directory is encrypted (fscrypt), its names cannot be read without the key");
        }

        return _inode.HasInlineData ? ReadInline() : ReadBlocks();
    }

    private IEnumerable<ExtDirectoryRecord> ReadInline()
    {
        // i_block starts with the inode of the parent directory; "." and ".." are not stored.
        ExtInlineData data = new(_inode);
        Memory<byte> first = _inode.BlockArea.AsMemory(InlineParentSize);
        return ReadRecords(first, _inode.BlockAreaPosition + InlineParentSize).Concat(ReadRecords(data.Value, _inode.Offset));
    }

    private IEnumerable<ExtDirectoryRecord> ReadBlocks()
    {
        if (_inode.Size == 0 || _inode.Size % _blockSize != 0)
        {
            throw DiskFormatException.Corrupt(_inode.Structure, _inode.Offset, $"i_size of the directory is {_inode.Size}, which is no number of whole blocks");
        }

        if (_inode.Size > ExtFormat.MaxDirectorySize)
        {
            throw DiskFormatException.Unsupported(_inode.Structure, _inode.Offset, $"the directory has {_inode.Size} bytes, at most {ExtFormat.MaxDirectorySize} are read");
        }

        ExtDataMap map = _volume.MapOf(_inode);
        HashSet<long> seen = [];
        long count = _inode.Size / _blockSize;
        for (long logical = 0; logical < count; logical++)
        {
            ExtRun run = map.Find(logical);
            if (run.Physical < 0)
            {
                throw Corrupt(_inode.Offset, $"no data is stored for block {logical} of the {count} blocks of the directory");
            }

            if (!seen.Add(run.Physical))
            {
                throw Corrupt(run.Physical * _blockSize, $"block {run.Physical} is in the directory twice");
            }

            byte[] block = _volume.ReadBlock(run.Physical);
            long position = run.Physical * _blockSize;
            if (_volume.Superblock.HasMetadataChecksum)
            {
                CheckChecksum(block, logical, position);
            }

            foreach (ExtDirectoryRecord record in ReadRecords(block, position))
            {
                yield return record;
            }
        }
    }

    private IEnumerable<ExtDirectoryRecord> ReadRecords(ReadOnlyMemory<byte> area, long position)
    {
        int offset = 0;
        while (offset < area.Length)
        {
            ExtDirectoryRecord? record = Parse(area, position, ref offset);
            if (record is { } found)
            {
                yield return found;
            }
        }
    }

    // struct ext4_dir_entry_2: inode u32, rec_len u16, name_len u8, file_type u8, name. Moves the offset past the entry.
    private ExtDirectoryRecord? Parse(ReadOnlyMemory<byte> area, long position, ref int offset)
    {
        int start = offset;
        int room = area.Length - start;
        if (room < HeaderSize)
        {
            throw Corrupt(position + start, $"{room} bytes are left for an entry of at least {HeaderSize}");
        }

        ReadOnlySpan<byte> entry = area.Span[start..];
        uint inode = BinaryPrimitives.ReadUInt32LittleEndian(entry);
        int length = RecordLength(BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]));

        // Without the feature filetype the length of the name has 16 bits; its upper byte is never used.
        int nameLength = entry[6];
        if (length < Math.Min(ExtFormat.MinDirectoryEntry, room) || length % 4 != 0 || length > room)
        {
            throw Corrupt(position + start, $"rec_len is {length} with {room} bytes left");
        }

        offset = start + length;
        if (inode == 0)
        {
            return null;
        }

        if (nameLength == 0 || HeaderSize + nameLength > length)
        {
            throw Corrupt(position + start, $"name_len is {nameLength} and rec_len {length}");
        }

        ReadOnlySpan<byte> name = entry.Slice(HeaderSize, nameLength);
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            return null;
        }

        if (name.ContainsAny((byte)'/', (byte)0))
        {
            throw Corrupt(position + start, "a name has a slash or a zero byte");
        }

        if (inode > _volume.Superblock.InodesCount || (inode < _volume.Superblock.FirstInode && inode != ExtFormat.RootInode))
        {
            throw Corrupt(position + start, $"a name leads to inode {inode}, files have inodes {_volume.Superblock.FirstInode} to {_volume.Superblock.InodesCount}");
        }

        return new ExtDirectoryRecord(area.Slice(start + HeaderSize, nameLength), inode);
    }

    // A block of 64 KiB needs 17 bits for the length of an entry that fills it: the low two bits, unused otherwise, are the high ones.
    private int RecordLength(ushort stored)
    {
        if (_blockSize <= ushort.MaxValue)
        {
            return stored;
        }

        return stored is 0 or ushort.MaxValue ? _blockSize : (stored & 0xFFFC) | ((stored & 3) << 16);
    }

    private void CheckChecksum(ReadOnlySpan<byte> block, long logical, long position)
    {
        bool isIndexed = _inode.Flags.HasFlag(ExtInodeFlags.Index);
        bool isIndexNode = BinaryPrimitives.ReadUInt32LittleEndian(block) == 0 && RecordLength(BinaryPrimitives.ReadUInt16LittleEndian(block[4..])) == _blockSize;
        if (isIndexed && (logical == 0 || isIndexNode))
        {
            CheckIndexChecksum(block, logical == 0 ? IndexRootCountOffset : IndexNodeCountOffset, position);
            return;
        }

        ReadOnlySpan<byte> tail = block[^ExtFormat.ChecksumEntrySize..];
        if (BinaryPrimitives.ReadUInt32LittleEndian(tail) != 0 || BinaryPrimitives.ReadUInt16LittleEndian(tail[4..]) != ExtFormat.ChecksumEntrySize
            || tail[6] != 0 || tail[7] != ExtFormat.ChecksumEntryType)
        {
            throw Corrupt(position, "the block does not end with a checksum entry");
        }

        Compare(BinaryPrimitives.ReadUInt32LittleEndian(tail[8..]), ExtChecksum.Crc32C(_inode.ChecksumSeed, block[..^ExtFormat.ChecksumEntrySize]), position);
    }

    // struct dx_countlimit {limit u16, count u16} is the first entry; struct dx_tail {reserved u32, checksum u32} follows `limit` entries.
    private void CheckIndexChecksum(ReadOnlySpan<byte> block, int countOffset, long position)
    {
        int limit = BinaryPrimitives.ReadUInt16LittleEndian(block[countOffset..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(block[(countOffset + 2)..]);
        int tail = countOffset + (limit * IndexEntrySize);
        if (count > limit || tail + IndexEntrySize > block.Length)
        {
            throw Corrupt(position, $"the index has {count} of {limit} entries, which do not fit into the block");
        }

        uint crc = ExtChecksum.Crc32C(_inode.ChecksumSeed, block[..(countOffset + (count * IndexEntrySize))]);
        crc = ExtChecksum.Crc32C(crc, block.Slice(tail, sizeof(uint)));
        crc = ExtChecksum.Crc32CZeros(crc, sizeof(uint));
        Compare(BinaryPrimitives.ReadUInt32LittleEndian(block[(tail + sizeof(uint))..]), crc, position);
    }

    private void Compare(uint stored, uint expected, long position)
    {
        if (stored != expected)
        {
            throw Corrupt(position, $"the checksum is 0x{stored:X8}, the bytes give 0x{expected:X8}");
        }
    }

    private DiskFormatException Corrupt(long position, string detail) =>
        DiskFormatException.Corrupt($"ext4 directory block of inode {_inode.Number}", position, detail);
}
