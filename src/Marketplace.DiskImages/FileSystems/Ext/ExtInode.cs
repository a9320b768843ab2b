using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>An inode: struct ext4_inode.</summary>
internal sealed class ExtInode
{
    private const int ChecksumLowOffset = 0x7C;
    private const int ExtraSizeOffset = 0x80;
    private const int ChecksumHighOffset = 0x82;
    private const int BlockAreaOffset = 0x28;
    private const int ModifiedExtraOffset = 0x88;

    private ExtInode(uint number, long offset)
    {
        Number = number;
        Offset = offset;
    }

    /// <summary>The inode number.</summary>
    public uint Number { get; }

    /// <summary>Offset of the inode in bytes within the volume.</summary>
    public long Offset { get; }

    /// <summary>i_mode: type in the upper 4 bits, permissions in the lower 12.</summary>
    public ushort Mode { get; private init; }

    public FileKind Kind { get; private init; }

    public uint UserId { get; private init; }

    public uint GroupId { get; private init; }

    /// <summary>Length in bytes.</summary>
    public long Size { get; private init; }

    public ushort LinkCount { get; private init; }

    public ExtInodeFlags Flags { get; private init; }

    public DateTimeOffset Modified { get; private init; }

    /// <summary>i_block: 60 bytes that hold a block map, the root of an extent tree, inline data or a short link target.</summary>
    public byte[] BlockArea { get; private init; } = [];

    /// <summary>The bytes after i_extra_isize, where attributes are kept; empty unless the inode has inline data.</summary>
    public byte[] AttributeArea { get; private init; } = [];

    /// <summary>Where the checksums of the blocks of this inode start.</summary>
    public uint ChecksumSeed { get; private init; }

    public bool IsEncrypted => Flags.HasFlag(ExtInodeFlags.Encrypted);

    public bool HasInlineData => Flags.HasFlag(ExtInodeFlags.InlineData);

    /// <summary>The name of the structure in messages.</summary>
    public string Structure => StructureOf(Number);

    /// <summary>Offset of i_block in bytes within the volume.</summary>
    public long BlockAreaPosition => Offset + BlockAreaOffset;

    /// <summary>Parses an inode and checks its checksum and its type.</summary>
    /// <param name="raw">The inode, s_inode_size bytes.</param>
    /// <param name="superblock">The superblock of the file system.</param>
    /// <param name="number">The inode number.</param>
    /// <param name="offset">Offset of the inode in bytes within the volume.</param>
    /// <exception cref="DiskFormatException">The inode is damaged or not in use.</exception>
    public static ExtInode Parse(ReadOnlySpan<byte> raw, ExtSuperblock superblock, uint number, long offset)
    {
        int extraSize = raw.Length > ExtFormat.GoodOldInodeSize ? U16(raw, ExtraSizeOffset) : 0;
        if (extraSize % 4 != 0 || extraSize > raw.Length - ExtFormat.GoodOldInodeSize)
        {
            throw Corrupt(number, offset, $"i_extra_isize is {extraSize}, the inode has {raw.Length} bytes");
        }

        uint seed = ExtChecksum.Crc32C(ExtChecksum.Crc32C(superblock.ChecksumSeed, number), U32(raw, 0x64));
        if (superblock.HasMetadataChecksum)
        {
            CheckChecksum(raw, seed, extraSize, number, offset);
        }

        ushort mode = U16(raw, 0x00);
        FileKind kind = KindOf(mode) ?? throw Corrupt(number, offset, mode == 0 ? "the inode is not in use" : $"i_mode is 0x{mode:X4}, which is no file type");
        ushort links = U16(raw, 0x1A);
        if (links == 0)
        {
            throw Corrupt(number, offset, "i_links_count is 0, the file was deleted");
        }

        ExtInodeFlags flags = (ExtInodeFlags)U32(raw, 0x20);
        bool hasSizeHigh = kind == FileKind.Regular || (kind == FileKind.Directory && superblock.Incompat.HasFlag(ExtIncompat.LargeDirectory));
        long size = (long)(U32(raw, 0x04) | (hasSizeHigh ? (ulong)U32(raw, 0x6C) << 32 : 0));
        if (size < 0)
        {
            throw Corrupt(number, offset, $"i_size is 0x{(ulong)size:X}");
        }

        return new ExtInode(number, offset)
        {
            Mode = mode,
            Kind = kind,
            UserId = U16(raw, 0x02) | ((uint)U16(raw, 0x78) << 16),
            GroupId = U16(raw, 0x18) | ((uint)U16(raw, 0x7A) << 16),
            Size = size,
            LinkCount = links,
            Flags = flags,
            Modified = ReadModified(raw, extraSize),
            BlockArea = raw.Slice(BlockAreaOffset, ExtFormat.BlockAreaSize).ToArray(),
            AttributeArea = flags.HasFlag(ExtInodeFlags.InlineData) ? raw[Math.Min(raw.Length, ExtFormat.GoodOldInodeSize + extraSize)..].ToArray() : [],
            ChecksumSeed = seed,
        };
    }

    /// <summary>The name of an inode in messages.</summary>
    public static string StructureOf(uint number) => $"ext4 inode {number}";

    private static void CheckChecksum(ReadOnlySpan<byte> raw, uint seed, int extraSize, uint number, long offset)
    {
        bool hasHigh = extraSize >= ChecksumHighOffset + sizeof(ushort) - ExtraSizeOffset;
        uint crc = ExtChecksum.Crc32C(seed, raw[..ChecksumLowOffset]);
        crc = ExtChecksum.Crc32CZeros(crc, sizeof(ushort));
        ReadOnlySpan<byte> rest = raw[(ChecksumLowOffset + sizeof(ushort))..];
        uint stored = U16(raw, ChecksumLowOffset);
        if (hasHigh)
        {
            int high = ChecksumHighOffset - ChecksumLowOffset - sizeof(ushort);
            crc = ExtChecksum.Crc32C(crc, rest[..high]);
            crc = ExtChecksum.Crc32CZeros(crc, sizeof(ushort));
            rest = rest[(high + sizeof(ushort))..];
            stored |= (uint)U16(raw, ChecksumHighOffset) << 16;
        }

        crc = ExtChecksum.Crc32C(crc, rest);
        crc = hasHigh ? crc : crc & 0xFFFF;
        if (stored != crc)
        {
            throw Corrupt(number, offset, $"i_checksum is 0x{stored:X}, the bytes give 0x{crc:X}");
        }
    }

    // i_mtime has 32 signed bits of seconds; i_mtime_extra adds two bits above them and the nanoseconds.
    private static DateTimeOffset ReadModified(ReadOnlySpan<byte> raw, int extraSize)
    {
        long seconds = (int)U32(raw, 0x10);
        long nanoseconds = 0;
        if (extraSize >= ModifiedExtraOffset + sizeof(uint) - ExtraSizeOffset)
        {
            uint extra = U32(raw, ModifiedExtraOffset);
            seconds += (long)(extra & 3) << 32;
            nanoseconds = extra >> 2;
        }

        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    private static FileKind? KindOf(ushort mode) => (mode >> 12) switch
    {
        0x1 => FileKind.NamedPipe,
        0x2 => FileKind.CharacterDevice,
        0x4 => FileKind.Directory,
        0x6 => FileKind.BlockDevice,
        0x8 => FileKind.Regular,
        0xA => FileKind.SymbolicLink,
        0xC => FileKind.Socket,
        _ => null,
    };

    private static DiskFormatException Corrupt(uint number, long offset, string detail) => DiskFormatException.Corrupt(StructureOf(number), offset, detail);

    private static ushort U16(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(raw[offset..]);

    private static uint U32(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(raw[offset..]);
}
