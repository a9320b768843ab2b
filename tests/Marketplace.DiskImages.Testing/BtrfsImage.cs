using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems.Btrfs;
using Marketplace.DiskImages.Testing.Mutations;

namespace Marketplace.DiskImages.Testing;

/// <summary>The metadata of a Btrfs image, to be changed with checksums that stay right. All copies of a block are changed alike.</summary>
internal sealed class BtrfsImage
{
    private const int FsidOffset = 0x20;

    private readonly BtrfsSuperblock _superblock;
    private readonly long[][] _copies;

    public BtrfsImage(MemoryContent image)
    {
        Content = image;
        _superblock = BtrfsSuperblock.Parse(image.ReadBytes(BtrfsFormat.SuperblockOffsets[0], BtrfsFormat.SuperblockSize), BtrfsFormat.SuperblockOffsets[0], image.Length);
        Blocks = [.. Scan(image, _superblock)];
        _copies = [.. Blocks.GroupBy(block => (block.Logical, block.Generation)).Select(copies => copies.Select(block => block.Position).ToArray())];
    }

    public MemoryContent Content { get; }

    /// <summary>The tree blocks of the image; among them are some that were replaced by newer ones.</summary>
    public IReadOnlyList<BtrfsBlock> Blocks { get; }

    public int NodeSize => _superblock.NodeSize;

    public ulong Generation => _superblock.Generation;

    /// <summary>The parts of tree blocks that are in use, and the superblock.</summary>
    public IReadOnlyList<Extent> UsedMetadata() =>
    [
        new(BtrfsFormat.SuperblockOffsets[0], 0x23B + 16),
        .. Blocks.Select(block => new Extent(block.Position, BtrfsFormat.HeaderSize + (block.Count * (block.Level == 0 ? BtrfsFormat.ItemSize : BtrfsFormat.PointerSize)))),
        .. Blocks.Where(block => block.Level == 0 && block.Count > 0).Select(block => block.ItemPosition(block.Count - 1) is var start ? new Extent(start, block.Position + NodeSize - start) : default),
    ];

    /// <summary>Changes the data of an item of a tree.</summary>
    /// <param name="owner">The tree.</param>
    /// <param name="matches">Which items.</param>
    /// <param name="offset">Where in the item.</param>
    /// <param name="bytes">The new bytes.</param>
    public BtrfsImage WithItem(ulong owner, Func<BtrfsKey, bool> matches, int offset, params byte[] bytes)
    {
        List<(BtrfsBlock, long, byte[])> changes = [];
        foreach (BtrfsBlock block in Blocks.Where(block => block.Owner == owner && block.Level == 0))
        {
            changes.AddRange(Enumerable.Range(0, block.Count).Where(index => matches(block.Key(index))).Select(index => (block, block.ItemPosition(index) + offset, bytes)));
        }

        return Changed(changes);
    }

    /// <summary>Changes the bytes of the blocks of a tree at one place of each.</summary>
    public BtrfsImage WithBlock(Func<BtrfsBlock, bool> matches, int offset, params byte[] bytes) =>
        Changed([.. Blocks.Where(matches).Select(block => (block, block.Position + offset, bytes))]);

    /// <summary>Changes the superblock in all its copies.</summary>
    public MemoryContent WithSuperblock(int offset, params byte[] bytes)
    {
        MemoryContent image = Content;
        foreach (long copy in BtrfsFormat.SuperblockOffsets.Where(copy => copy < image.Length))
        {
            byte[] raw = image.ReadBytes(copy, BtrfsFormat.SuperblockSize);
            bytes.CopyTo(raw, offset);
            Seal(raw);
            image = image.Patched(copy, raw);
        }

        return image;
    }

    /// <summary>Makes the checksums of a mutant right, and all copies of a tree block like the one that was changed: else the good copy would be read.</summary>
    public void Repair(MutantContent mutant)
    {
        Repair(mutant, [BtrfsFormat.SuperblockOffsets[0]], BtrfsFormat.SuperblockSize);
        foreach (long[] copies in _copies)
        {
            Repair(mutant, copies, NodeSize);
        }
    }

    private void Repair(MutantContent mutant, long[] copies, int size)
    {
        foreach (long copy in copies)
        {
            byte[] raw = mutant.ReadBytes(copy, size);
            if (raw.AsSpan().SequenceEqual(Content.ReadBytes(copy, size)))
            {
                continue;
            }

            Seal(raw);
            foreach (long position in copies)
            {
                mutant.Write(position, raw);
            }

            return;
        }
    }

    private BtrfsImage Changed(List<(BtrfsBlock Block, long Position, byte[] Bytes)> changes)
    {
        if (changes.Count == 0)
        {
            throw new InvalidOperationException("Nothing in the image is changed.");
        }

        MemoryContent image = Content;
        foreach ((BtrfsBlock block, long position, byte[] bytes) in changes)
        {
            byte[] raw = image.ReadBytes(block.Position, NodeSize);
            bytes.CopyTo(raw, position - block.Position);
            Seal(raw);
            image = image.Patched(block.Position, raw);
        }

        return new BtrfsImage(image);
    }

    private void Seal(Span<byte> raw) => BtrfsChecksum.Compute(_superblock.ChecksumType, raw[BtrfsFormat.ChecksumFieldSize..], raw);

    private static IEnumerable<BtrfsBlock> Scan(MemoryContent image, BtrfsSuperblock superblock)
    {
        byte[] fsid = superblock.MetadataUuid.ToByteArray(bigEndian: true);
        foreach (Extent extent in image.GetAllocatedExtents())
        {
            for (long position = extent.Offset; position <= Math.Min(extent.End, image.Length - superblock.NodeSize); position += BtrfsFormat.MinBlockSize)
            {
                byte[] header = image.ReadBytes(position, BtrfsFormat.HeaderSize);
                if (!header.AsSpan(FsidOffset, fsid.Length).SequenceEqual(fsid) || header.AsSpan(0x40).StartsWith("_BHRfS_M"u8))
                {
                    continue;
                }

                byte[] data = image.ReadBytes(position, superblock.NodeSize);
                BtrfsBlock? block = null;
                try
                {
                    block = BtrfsBlock.Parse(data, BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(0x30)), position, superblock);
                }
                catch (DiskFormatException)
                {
                    // A block that was freed and partly overwritten, or one that a test has damaged.
                }

                if (block is not null)
                {
                    yield return block;
                }
            }
        }
    }
}
