using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems.Xfs.Log;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>The metadata of a file system below its files: superblock, inodes and blocks.</summary>
internal sealed class XfsVolume
{
    private readonly XfsBlockCache _cache;

    private XfsVolume(DiskContent content, XfsSuperblock superblock)
    {
        Content = content;
        Superblock = superblock;
        _cache = new XfsBlockCache(content);
    }

    public DiskContent Content { get; }

    public XfsSuperblock Superblock { get; }

    /// <summary>Reads the superblock.</summary>
    /// <param name="content">The volume, with its log replayed over it when that was needed.</param>
    /// <exception cref="DiskFormatException">There is no superblock, or it is damaged or unsupported.</exception>
    public static XfsVolume Open(DiskContent content)
    {
        if (content.Length < XfsFormat.MinSectorSize)
        {
            throw DiskFormatException.Truncated(XfsSuperblock.Structure, 0, $"the volume has {content.Length} bytes");
        }

        byte[] raw = new byte[XfsFormat.MinSectorSize];
        content.Read(0, raw);
        int sectorSize = BinaryPrimitives.ReadUInt16BigEndian(raw.AsSpan(0x66));
        if (sectorSize is > XfsFormat.MinSectorSize and <= XfsFormat.MaxSectorSize && sectorSize <= content.Length)
        {
            raw = new byte[sectorSize];
            content.Read(0, raw);
        }

        return new XfsVolume(content, XfsSuperblock.Parse(raw, content.Length));
    }

    /// <summary>The bytes of consecutive blocks, which the caller must not change.</summary>
    /// <param name="block">The first block.</param>
    /// <param name="count">Number of blocks, all in one group and inside the file system; at most 64 KiB.</param>
    public ReadOnlyMemory<byte> ReadBlocks(ulong block, int count) => _cache.Read(Superblock.PositionOf(block), count << Superblock.BlockLog);

    /// <summary>Whether the log was replayed into blocks that were not damaged before.</summary>
    /// <param name="block">The first block.</param>
    /// <param name="count">Number of blocks.</param>
    public bool IsReplayed(ulong block, int count) => Content is XlogOverlay overlay && overlay.IsReplayed(Superblock.PositionOf(block), count << Superblock.BlockLog);

    /// <summary>Reads an inode.</summary>
    /// <param name="number">Its number: group, block within the group, place within the block.</param>
    /// <exception cref="DiskFormatException">There is no such inode, or it is damaged.</exception>
    public XfsInode ReadInode(ulong number)
    {
        ulong block = number >> Superblock.InodesPerBlockLog;
        if (number == 0 || !Superblock.Contains(block, 1))
        {
            throw DiskFormatException.Corrupt(XfsInode.StructureOf(number), -1, "its number leads to a place that is not inside the file system");
        }

        // Neighbours are read as well, as far as the group goes: an inode is seldom asked for alone.
        ulong within = block & ((1UL << Superblock.GroupBlockLog) - 1);
        uint perCluster = (uint)Math.Max(1, XfsFormat.InodeClusterSize >> Superblock.BlockLog);
        ulong first = within - (within % perCluster);
        int count = (int)Math.Min(perCluster, Superblock.BlocksOfGroup(block >> Superblock.GroupBlockLog) - (long)first);
        ReadOnlyMemory<byte> cluster = ReadBlocks(block - (within - first), count);
        int slot = (int)(number & ((1UL << Superblock.InodesPerBlockLog) - 1));
        int start = ((int)(within - first) << Superblock.BlockLog) + (slot << Superblock.InodeLog);
        long offset = Superblock.PositionOf(block) + ((long)slot << Superblock.InodeLog);
        return XfsInode.Parse(cluster.Span.Slice(start, Superblock.InodeSize), Superblock, number, offset);
    }

    /// <summary>Checks what every block of metadata of version 5 tells of itself; does nothing in version 4.</summary>
    /// <param name="block">The block.</param>
    /// <param name="header">Where its fields are.</param>
    /// <param name="offset">Offset of the block in bytes within the volume.</param>
    /// <param name="owner">The inode it belongs to.</param>
    /// <param name="structure">Its name in messages.</param>
    /// <param name="isReplayed">The log wrote into it, so that its checksum is out of date.</param>
    /// <exception cref="DiskFormatException">A field is not what it must be.</exception>
    public void Check(ReadOnlySpan<byte> block, XfsBlockHeader header, long offset, ulong owner, string structure, bool isReplayed)
    {
        if (!Superblock.HasChecksums)
        {
            return;
        }

        // What the log wrote into gets its checksum when the kernel writes it back; until then those of the log vouch for it.
        if (!XfsChecksum.IsValid(block, header.Checksum) && !isReplayed)
        {
            throw DiskFormatException.Corrupt(structure, offset, $"the checksum is 0x{BinaryPrimitives.ReadUInt32LittleEndian(block[header.Checksum..]):X8}, the bytes give 0x{XfsChecksum.Compute(block, header.Checksum):X8}");
        }

        if (!block.Slice(header.Uuid, 16).SequenceEqual(Superblock.MetaUuid))
        {
            throw DiskFormatException.Corrupt(structure, offset, "the block has the UUID of another file system");
        }

        ulong itsOwner = BinaryPrimitives.ReadUInt64BigEndian(block[header.Owner..]);
        if (itsOwner != owner)
        {
            throw DiskFormatException.Corrupt(structure, offset, $"the block belongs to inode {itsOwner}, not {owner}");
        }

        ulong address = BinaryPrimitives.ReadUInt64BigEndian(block[header.Address..]);
        if (address != (ulong)offset >> XfsFormat.BasicBlockLog)
        {
            throw DiskFormatException.Corrupt(structure, offset, $"the block says it is at sector {address}, it is at sector {offset >> XfsFormat.BasicBlockLog}");
        }
    }
}
