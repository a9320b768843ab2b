using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>A chunk: a range of logical addresses and where its bytes are on the device. struct btrfs_chunk and its btrfs_stripe.</summary>
internal sealed class BtrfsChunk
{
    private const string Structure = "Btrfs chunk";

    /// <summary>Bytes before the stripes.</summary>
    private const int HeaderSize = 0x30;

    private const int StripeSize = 0x20;

    private BtrfsChunk()
    {
    }

    /// <summary>First logical address.</summary>
    public ulong Logical { get; private init; }

    public ulong Length { get; private init; }

    public BtrfsChunkType Type { get; private init; }

    /// <summary>The offset in bytes within the volume of each copy; empty when <see cref="WhyUnsupported"/> tells why there is none.</summary>
    public long[] Copies { get; private init; } = [];

    /// <summary>Why the chunk cannot be read; empty when it can.</summary>
    public string WhyUnsupported { get; private init; } = "";

    /// <summary>The bytes a chunk takes, by its num_stripes; 0 when not even its header is there.</summary>
    public static int SizeOf(ReadOnlySpan<byte> raw) =>
        raw.Length < HeaderSize ? 0 : HeaderSize + (BinaryPrimitives.ReadUInt16LittleEndian(raw[0x2C..]) * StripeSize);

    /// <summary>Parses a chunk and checks it as the kernel does.</summary>
    /// <param name="raw">The bytes of the item.</param>
    /// <param name="key">Its key; the offset is the logical address.</param>
    /// <param name="superblock">The superblock.</param>
    /// <param name="position">Where it is, for messages.</param>
    /// <param name="volumeLength">Length of the volume in bytes.</param>
    /// <exception cref="DiskFormatException">The chunk is damaged.</exception>
    public static BtrfsChunk Parse(ReadOnlySpan<byte> raw, BtrfsKey key, BtrfsSuperblock superblock, long position, long volumeLength)
    {
        int size = SizeOf(raw);
        if (key.Type != BtrfsFormat.ChunkItemKey || size <= HeaderSize || size != raw.Length)
        {
            throw Corrupt(position, $"the item {key} has {raw.Length} bytes and its stripes would end at {size}");
        }

        ulong length = U64(raw, 0x00);
        BtrfsChunkType type = (BtrfsChunkType)U64(raw, 0x18);
        uint sectorSize = (uint)superblock.SectorSize;
        if (key.Offset % sectorSize != 0 || length == 0 || length % sectorSize != 0 || length > ulong.MaxValue - key.Offset
            || BinaryPrimitives.ReadUInt32LittleEndian(raw[0x28..]) != sectorSize || U64(raw, 0x10) != BtrfsFormat.StripeLength)
        {
            throw Corrupt(position, $"length is {length} at address {key.Offset}, stripe_len {U64(raw, 0x10)}, sector_size {BinaryPrimitives.ReadUInt32LittleEndian(raw[0x28..])}");
        }

        CheckType(type, superblock, position);
        int stripes = BinaryPrimitives.ReadUInt16LittleEndian(raw[0x2C..]);
        string why = WhyNotRead(type);
        if (why.Length == 0 && stripes != CopiesOf(type))
        {
            throw Corrupt(position, $"num_stripes is {stripes}, type is {type}");
        }

        long[] copies = new long[why.Length == 0 ? stripes : 0];
        for (int i = 0; i < copies.Length; i++)
        {
            // struct btrfs_stripe: devid u64, offset u64, dev_uuid 16 bytes.
            ReadOnlySpan<byte> stripe = raw.Slice(HeaderSize + (i * StripeSize), StripeSize);
            ulong start = U64(stripe, 8);
            if (U64(stripe, 0) != superblock.DeviceId || new Guid(stripe[16..], bigEndian: true) != superblock.DeviceUuid)
            {
                why = $"a copy is on device {U64(stripe, 0)}, which is not there";
                copies = [];
            }
            else if (start > (ulong)volumeLength || length > (ulong)volumeLength - start)
            {
                throw DiskFormatException.Truncated(Structure, position, $"{length} bytes at byte {start} of the device, the volume has {volumeLength} bytes");
            }
            else
            {
                copies[i] = (long)start;
            }
        }

        return new BtrfsChunk { Logical = key.Offset, Length = length, Type = type, Copies = copies, WhyUnsupported = why };
    }

    private static void CheckType(BtrfsChunkType type, BtrfsSuperblock superblock, long position)
    {
        if ((type & ~(BtrfsChunkType.Content | BtrfsChunkType.Profile)) != 0)
        {
            throw DiskFormatException.Unsupported(Structure, position, $"type is 0x{(ulong)type:X}, which has bits that are not known");
        }

        BtrfsChunkType content = type & BtrfsChunkType.Content;
        bool isMixed = content == (BtrfsChunkType.Data | BtrfsChunkType.Metadata);
        if (BitOperations.PopCount((ulong)(type & BtrfsChunkType.Profile)) > 1 || content == 0
            || (isMixed ? !superblock.Incompat.HasFlag(BtrfsIncompat.MixedGroups) : !BitOperations.IsPow2((ulong)content)))
        {
            throw Corrupt(position, $"type is {type}");
        }
    }

    private static string WhyNotRead(BtrfsChunkType type) =>
        (type & (BtrfsChunkType.Raid0 | BtrfsChunkType.Raid10 | BtrfsChunkType.Raid5 | BtrfsChunkType.Raid6)) is var profile and not 0 ? $"the profile {profile} is not read" : "";

    private static int CopiesOf(BtrfsChunkType type) => (type & BtrfsChunkType.Profile) switch
    {
        0 => 1,
        BtrfsChunkType.Raid1C3 => 3,
        BtrfsChunkType.Raid1C4 => 4,
        _ => 2,
    };

    private static DiskFormatException Corrupt(long position, string detail) => DiskFormatException.Corrupt(Structure, position, detail);

    private static ulong U64(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(raw[offset..]);
}
