using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>A group descriptor: struct ext4_group_desc, of which a reader of files needs the inode table.</summary>
/// <param name="InodeTable">First block of the group's inode table: bg_inode_table_lo at 0x08 and _hi at 0x28.</param>
internal readonly record struct ExtGroupDescriptor(long InodeTable)
{
    private const int ChecksumOffset = 0x1E;

    /// <summary>Parses the descriptor and checks its checksum and its inode table.</summary>
    /// <param name="raw">The descriptor, s_desc_size bytes.</param>
    /// <param name="superblock">The superblock of the file system.</param>
    /// <param name="group">Number of the group.</param>
    /// <param name="offset">Offset of the descriptor in bytes within the volume.</param>
    /// <exception cref="DiskFormatException">The descriptor is damaged.</exception>
    public static ExtGroupDescriptor Parse(ReadOnlySpan<byte> raw, ExtSuperblock superblock, uint group, long offset)
    {
        ushort stored = BinaryPrimitives.ReadUInt16LittleEndian(raw[ChecksumOffset..]);
        ushort? expected = Checksum(raw, superblock, group);
        if (expected is { } value && stored != value)
        {
            throw Corrupt(group, offset, $"bg_checksum is 0x{stored:X4}, the bytes give 0x{value:X4}");
        }

        ulong table = BinaryPrimitives.ReadUInt32LittleEndian(raw[0x08..]);
        if (raw.Length >= ExtFormat.MinDescriptorSize64)
        {
            table |= (ulong)BinaryPrimitives.ReadUInt32LittleEndian(raw[0x28..]) << 32;
        }

        long length = (((long)superblock.InodesPerGroup * superblock.InodeSize) + superblock.BlockSize - 1) / superblock.BlockSize;
        if (table > long.MaxValue || !superblock.IsDataRange((long)table, length))
        {
            throw Corrupt(group, offset, $"bg_inode_table is {table}, its {length} blocks are not inside the {superblock.BlocksCount} blocks of the file system");
        }

        return new ExtGroupDescriptor((long)table);
    }

    private static ushort? Checksum(ReadOnlySpan<byte> raw, ExtSuperblock superblock, uint group)
    {
        if (superblock.HasMetadataChecksum)
        {
            uint crc = ExtChecksum.Crc32C(superblock.ChecksumSeed, group);
            crc = ExtChecksum.Crc32C(crc, raw[..ChecksumOffset]);
            crc = ExtChecksum.Crc32CZeros(crc, sizeof(ushort));
            return (ushort)ExtChecksum.Crc32C(crc, raw[(ChecksumOffset + sizeof(ushort))..]);
        }

        if (superblock.RoCompat.HasFlag(ExtRoCompat.GroupDescriptorChecksum))
        {
            // The older checksum leaves its own field out instead of taking it as zero.
            Span<byte> number = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(number, group);
            ushort crc = ExtChecksum.Crc16(ExtChecksum.Crc16(0xFFFF, superblock.Uuid), number);
            crc = ExtChecksum.Crc16(crc, raw[..ChecksumOffset]);
            return ExtChecksum.Crc16(crc, raw[(ChecksumOffset + sizeof(ushort))..]);
        }

        return null;
    }

    private static DiskFormatException Corrupt(uint group, long offset, string detail) =>
        DiskFormatException.Corrupt($"ext4 group descriptor {group}", offset, detail);
}
