using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems.Xfs;
using Marketplace.DiskImages.FileSystems.Xfs.Log;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Knows where the checksums of an image of XFS version 5 are, and makes those of a mutant right.</summary>
internal sealed class XfsChecksumRepair
{
    private const uint FreeBlockMagic = 0x58444633;

    private readonly List<(long Offset, int Length, int Field)> _blocks = [];
    private readonly List<long> _records = [];

    public XfsChecksumRepair(MemoryContent image)
    {
        XfsSuperblock superblock = XfsVolume.Open(image).Superblock;
        long logStart = superblock.PositionOf(superblock.LogStart);
        long logEnd = logStart + ((long)superblock.LogBlocks << superblock.BlockLog);
        _blocks.Add((0, superblock.SectorSize, XfsSuperblock.ChecksumOffset));
        foreach (Extent extent in image.GetAllocatedExtents())
        {
            for (long offset = extent.Offset; offset < extent.End; offset += XfsFormat.BasicBlockSize)
            {
                ReadOnlySpan<byte> raw = image.ReadBytes(offset, XfsFormat.BasicBlockSize);
                if (offset >= logStart && offset < logEnd)
                {
                    if (XlogRecordHeader.IsHeader(raw))
                    {
                        _records.Add(offset);
                    }
                }
                else if (Describe(raw, superblock) is { } found)
                {
                    // What only looks like a block has no right checksum; that of a link target may cover two blocks.
                    foreach (int length in (int[])[found.Length, found.Length * 2])
                    {
                        if (offset + length <= image.Length && XfsChecksum.IsValid(image.ReadBytes(offset, length), found.Field))
                        {
                            _blocks.Add((offset, length, found.Field));
                            break;
                        }
                    }
                }
            }
        }
    }

    public void Run(MutantContent mutant)
    {
        foreach ((long offset, int length, int field) in _blocks)
        {
            byte[] raw = mutant.ReadBytes(offset, length);
            if (!XfsChecksum.IsValid(raw, field))
            {
                XfsChecksum.Write(raw, field);
                mutant.Write(offset + field, raw.AsSpan(field, sizeof(uint)));
            }
        }

        foreach (long offset in _records)
        {
            RepairRecord(mutant, offset);
        }
    }

    private static (int Length, int Field)? Describe(ReadOnlySpan<byte> raw, XfsSuperblock superblock)
    {
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(raw);
        return magic switch
        {
            XfsFormat.DirectoryBlockV5 or XfsFormat.DirectoryDataV5 or FreeBlockMagic => (superblock.DirectoryBlockSize, XfsBlockHeader.Directory.Checksum),
            XfsFormat.BmapMagicV5 => (superblock.BlockSize, XfsBlockHeader.Bmap.Checksum),
            XfsFormat.SymlinkMagic => (superblock.BlockSize, XfsBlockHeader.Symlink.Checksum),
            _ when magic >> 16 == XfsFormat.InodeMagic => (superblock.InodeSize, XfsInode.ChecksumOffset),
            _ when BinaryPrimitives.ReadUInt16BigEndian(raw[8..]) is XfsFormat.Leaf1V5 or XfsFormat.LeafNV5 or XfsFormat.NodeV5 => (superblock.DirectoryBlockSize, XfsBlockHeader.Index.Checksum),
            _ => null,
        };
    }

    private static void RepairRecord(MutantContent mutant, long offset)
    {
        byte[] raw = mutant.ReadBytes(offset, XlogFormat.BlockSize);
        XlogRecordHeader header = XlogRecordHeader.Parse(raw);
        int headers = header.HeaderBlocks(isLogV2: true) * XlogFormat.BlockSize;
        if (header.Length is <= 0 or > XlogFormat.MaxRecordV2 || headers > XlogFormat.MaxRecordV2 || offset + headers + header.Length > mutant.Length)
        {
            return;
        }

        byte[] whole = mutant.ReadBytes(offset, headers + header.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(raw, XlogRecords.Checksum(whole.AsSpan(0, headers), whole.AsSpan(headers), XlogFormat.ChecksummedHeader));
        mutant.Write(offset + XlogRecordHeader.ChecksumOffset, raw.AsSpan(0, sizeof(uint)));
    }
}
