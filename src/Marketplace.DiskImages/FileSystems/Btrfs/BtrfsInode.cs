using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>An inode: struct btrfs_inode_item, 160 bytes.</summary>
internal sealed class BtrfsInode
{
    /// <summary>Bytes of an inode item.</summary>
    public const int Size = 160;

    private BtrfsInode(ulong number, long position)
    {
        Number = number;
        Position = position;
    }

    public ulong Number { get; }

    /// <summary>Offset in bytes within the volume.</summary>
    public long Position { get; }

    /// <summary>generation: the transaction that made the inode.</summary>
    public ulong Generation { get; private init; }

    public FileKind Kind { get; private init; }

    /// <summary>Permission bits, 0 to 0o7777.</summary>
    public int Mode { get; private init; }

    public uint UserId { get; private init; }

    public uint GroupId { get; private init; }

    public long Length { get; private init; }

    public uint LinkCount { get; private init; }

    public BtrfsInodeFlags Flags { get; private init; }

    public DateTimeOffset Modified { get; private init; }

    /// <summary>The inode in messages.</summary>
    public string Structure => StructureOf(Number);

    /// <summary>Parses an inode.</summary>
    /// <param name="raw">The bytes of the item.</param>
    /// <param name="number">The inode number.</param>
    /// <param name="position">Offset of the item in bytes within the volume.</param>
    /// <exception cref="DiskFormatException">The inode is damaged or deleted.</exception>
    public static BtrfsInode Parse(ReadOnlySpan<byte> raw, ulong number, long position)
    {
        if (raw.Length != Size)
        {
            throw Corrupt(number, position, $"the item has {raw.Length} bytes, expected {Size}");
        }

        uint mode = U32(raw, 0x34);
        FileKind kind = KindOf(mode) ?? throw Corrupt(number, position, $"mode is 0x{mode:X}, which is no file type");
        ulong size = U64(raw, 0x10);
        uint links = U32(raw, 0x28);
        if (size > long.MaxValue || links == 0)
        {
            throw Corrupt(number, position, $"size is {size} and nlink {links}");
        }

        return new BtrfsInode(number, position)
        {
            Generation = U64(raw, 0x00),
            Kind = kind,
            Mode = (int)(mode & 0xFFF),
            UserId = U32(raw, 0x2C),
            GroupId = U32(raw, 0x30),
            Length = (long)size,
            LinkCount = links,
            Flags = (BtrfsInodeFlags)U64(raw, 0x40),
            Modified = ToTime((long)U64(raw, 0x88), U32(raw, 0x90)),
        };
    }

    /// <summary>Whether an inode item is one of a file without a name: one that was removed while in use, or never had one.</summary>
    public static bool IsWithoutLinks(ReadOnlySpan<byte> raw) => raw.Length == Size && U32(raw, 0x28) == 0;

    /// <summary>The name of an inode in messages.</summary>
    public static string StructureOf(ulong number) => $"Btrfs inode {number}";

    private static FileKind? KindOf(uint mode) => (mode >> 12) switch
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

    // 64 bits of seconds go beyond what .NET can tell; such a time becomes the nearest one it can.
    private static DateTimeOffset ToTime(long seconds, uint nanoseconds) =>
        seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() ? DateTimeOffset.MinValue
        : seconds >= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.MaxValue
        : DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(Math.Min(nanoseconds, 999_999_999) / TimeSpan.NanosecondsPerTick);

    private static DiskFormatException Corrupt(ulong number, long position, string detail) => DiskFormatException.Corrupt(StructureOf(number), position, detail);

    private static uint U32(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(raw[offset..]);

    private static ulong U64(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(raw[offset..]);
}
