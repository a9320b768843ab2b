using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>The superblock: struct btrfs_super_block, 4096 bytes, little-endian.</summary>
internal sealed class BtrfsSuperblock
{
    internal const string Structure = "Btrfs superblock";
    private const int MagicOffset = 0x40;
    private const int LabelOffset = 0x12B;
    private const int LabelSize = 256;
    private const int MetadataUuidOffset = 0x23B;
    private const int SystemChunksOffset = 0x32B;

    private BtrfsSuperblock()
    {
    }

    /// <summary>fsid: the identifier people see.</summary>
    public Guid Uuid { get; private init; }

    /// <summary>The identifier in tree blocks and of the device: metadata_uuid with that feature, else fsid.</summary>
    public Guid MetadataUuid { get; private init; }

    public BtrfsSuperblockFlags Flags { get; private init; }

    public ulong Generation { get; private init; }

    public BtrfsTreeRoot RootTree { get; private init; }

    public BtrfsTreeRoot ChunkTree { get; private init; }

    /// <summary>log_root: address of the tree of what was written with fsync since the last commit; 0 after a clean unmount.</summary>
    public ulong LogRoot { get; private init; }

    public int LogRootLevel { get; private init; }

    /// <summary>total_bytes of all devices, here of one.</summary>
    public ulong TotalBytes { get; private init; }

    /// <summary>bytes_used: what data and metadata take, each copied block counted once.</summary>
    public ulong BytesUsed { get; private init; }

    public ulong RootDirectoryId { get; private init; }

    /// <summary>Bytes of a unit of file data and of its checksum.</summary>
    public int SectorSize { get; private init; }

    /// <summary>Bytes of a tree block.</summary>
    public int NodeSize { get; private init; }

    public BtrfsIncompat Incompat { get; private init; }

    public BtrfsChecksumType ChecksumType { get; private init; }

    public ulong DeviceId { get; private init; }

    public Guid DeviceUuid { get; private init; }

    public string Label { get; private init; } = "";

    /// <summary>The chunks of type SYSTEM, which hold the chunk tree: pairs of key and chunk.</summary>
    public byte[] SystemChunks { get; private init; } = [];

    /// <summary>Offset of this copy in bytes within the volume.</summary>
    public long Offset { get; private init; }

    /// <summary>Parses a copy of the superblock and checks everything the rest of the reader relies on.</summary>
    /// <param name="raw">4096 bytes.</param>
    /// <param name="offset">Where the copy is.</param>
    /// <param name="volumeLength">Length of the volume in bytes.</param>
    /// <exception cref="DiskFormatException">The copy is damaged, or of a file system that is not read.</exception>
    public static BtrfsSuperblock Parse(ReadOnlySpan<byte> raw, long offset, long volumeLength)
    {
        CheckIdentity(raw, offset);
        BtrfsIncompat incompat = (BtrfsIncompat)U64(raw, 0xBC);
        BtrfsSuperblockFlags flags = (BtrfsSuperblockFlags)U64(raw, 0x38);
        CheckFeatures(incompat, flags, offset);
        int sectorSize = BlockSize(raw, 0x90, "sectorsize", BtrfsFormat.MinBlockSize, offset);
        int nodeSize = BlockSize(raw, 0x94, "nodesize", sectorSize, offset);
        uint chunksSize = U32(raw, 0xA0);
        if (chunksSize is 0 or > BtrfsFormat.SystemChunkArraySize)
        {
            throw Corrupt(offset, $"sys_chunk_array_size is {chunksSize}, expected 1 to {BtrfsFormat.SystemChunkArraySize}");
        }

        Guid uuid = new(raw.Slice(0x20, 16), bigEndian: true);
        Guid metadataUuid = incompat.HasFlag(BtrfsIncompat.MetadataUuid) ? new Guid(raw.Slice(MetadataUuidOffset, 16), bigEndian: true) : uuid;
        CheckDevice(raw, metadataUuid, offset, volumeLength);
        ReadOnlySpan<byte> label = raw.Slice(LabelOffset, LabelSize);
        int labelEnd = label.IndexOf((byte)0);
        return new BtrfsSuperblock
        {
            Uuid = uuid,
            MetadataUuid = metadataUuid,
            Flags = flags,
            Generation = U64(raw, 0x48),
            RootTree = new BtrfsTreeRoot(BtrfsFormat.RootTreeId, U64(raw, 0x50), Level(raw, 0xC6, "root_level", offset), U64(raw, 0x48)),
            ChunkTree = new BtrfsTreeRoot(BtrfsFormat.ChunkTreeId, U64(raw, 0x58), Level(raw, 0xC7, "chunk_root_level", offset), U64(raw, 0xA4)),
            LogRoot = U64(raw, 0x60),
            LogRootLevel = Level(raw, 0xC8, "log_root_level", offset),
            TotalBytes = U64(raw, 0x70),
            BytesUsed = U64(raw, 0x78),
            RootDirectoryId = U64(raw, 0x80),
            SectorSize = sectorSize,
            NodeSize = nodeSize,
            Incompat = incompat,
            ChecksumType = (BtrfsChecksumType)U16(raw, 0xC4),
            DeviceId = U64(raw, 0xC9),
            DeviceUuid = new Guid(raw.Slice(0x10B, 16), bigEndian: true),
            Label = FileName.Decode(labelEnd < 0 ? label : label[..labelEnd]),
            SystemChunks = raw.Slice(SystemChunksOffset, (int)chunksSize).ToArray(),
            Offset = offset,
        };
    }

    // Magic, checksum and place: what makes the bytes a copy of the superblock at all.
    private static void CheckIdentity(ReadOnlySpan<byte> raw, long offset)
    {
        if (!raw[MagicOffset..].StartsWith("_BHRfS_M"u8))
        {
            throw Corrupt(offset, "magic is not _BHRfS_M");
        }

        ushort checksumType = U16(raw, 0xC4);
        if (checksumType > (ushort)BtrfsChecksumType.Blake2b)
        {
            throw DiskFormatException.Unsupported(Structure, offset, $"csum_type is {checksumType}, 0 to 3 are known");
        }

        if (!BtrfsChecksum.Matches((BtrfsChecksumType)checksumType, raw[BtrfsFormat.ChecksumFieldSize..], raw))
        {
            throw Corrupt(offset, $"the checksum ({(BtrfsChecksumType)checksumType}) is not that of the bytes");
        }

        if (U64(raw, 0x30) != (ulong)offset)
        {
            throw Corrupt(offset, $"bytenr is {U64(raw, 0x30)}");
        }
    }

    private static void CheckFeatures(BtrfsIncompat incompat, BtrfsSuperblockFlags flags, long offset)
    {
        BtrfsIncompat unknown = incompat & ~BtrfsIncompat.Known;
        if (unknown != 0)
        {
            // The name of a flag where there is one, else its number.
            throw DiskFormatException.Unsupported(Structure, offset, $"the file system has features that are not read (incompat_flags): {unknown}");
        }

        if (flags.HasFlag(BtrfsSuperblockFlags.Seeding))
        {
            throw DiskFormatException.Unsupported(Structure, offset, "the device is a seed of other file systems, which is not read");
        }

        if ((flags & ~BtrfsSuperblockFlags.Known) != 0)
        {
            throw DiskFormatException.Unsupported(Structure, offset, $"flags are 0x{(ulong)flags:X}: a dump of metadata, or a conversion that was not finished");
        }
    }

    // dev_item at 0xC9 (struct btrfs_dev_item): devid u64, total_bytes u64, ..., uuid at 66, fsid at 82.
    private static void CheckDevice(ReadOnlySpan<byte> raw, Guid metadataUuid, long offset, long volumeLength)
    {
        ulong devices = U64(raw, 0x88);
        if (devices != 1)
        {
            throw devices == 0
                ? Corrupt(offset, "num_devices is 0")
                : DiskFormatException.Unsupported(Structure, offset, $"the file system is spread over {devices} devices, only those on one device are read");
        }

        Guid owner = new(raw.Slice(0x11B, 16), bigEndian: true);
        if (owner != metadataUuid)
        {
            throw Corrupt(offset, $"fsid of the device is {owner}, that of the file system {metadataUuid}");
        }

        ulong deviceBytes = U64(raw, 0xD1);
        if (deviceBytes > (ulong)volumeLength)
        {
            throw DiskFormatException.Truncated(Structure, offset, $"total_bytes of the device is {deviceBytes}, the volume has {volumeLength} bytes");
        }
    }

    private static int BlockSize(ReadOnlySpan<byte> raw, int at, string field, int min, long offset)
    {
        uint size = U32(raw, at);
        return BitOperations.IsPow2(size) && size >= min && size <= BtrfsFormat.MaxBlockSize
            ? (int)size
            : throw Corrupt(offset, $"{field} is {size}, expected a power of two from {min} to {BtrfsFormat.MaxBlockSize}");
    }

    private static int Level(ReadOnlySpan<byte> raw, int at, string field, long offset) =>
        raw[at] <= BtrfsFormat.MaxLevel ? raw[at] : throw Corrupt(offset, $"{field} is {raw[at]}, at most {BtrfsFormat.MaxLevel} is allowed");

    private static DiskFormatException Corrupt(long offset, string detail) => DiskFormatException.Corrupt(Structure, offset, detail);

    private static ushort U16(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(raw[offset..]);

    private static uint U32(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(raw[offset..]);

    private static ulong U64(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(raw[offset..]);
}
