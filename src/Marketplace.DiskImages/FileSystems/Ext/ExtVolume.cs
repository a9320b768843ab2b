using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>The metadata of a file system below its files: superblock, group descriptors, inodes and blocks.</summary>
internal sealed class ExtVolume
{
    private readonly ExtBlockCache _cache;
    private readonly Dictionary<uint, ExtGroupDescriptor> _descriptors = [];

    private ExtVolume(DiskContent content, ExtSuperblock superblock)
    {
        Content = content;
        Superblock = superblock;
        _cache = new ExtBlockCache(content, superblock.BlockSize);
    }

    public DiskContent Content { get; }

    public ExtSuperblock Superblock { get; }

    /// <summary>Reads the superblock.</summary>
    /// <exception cref="DiskFormatException">There is no superblock, or it is damaged or unsupported.</exception>
    public static ExtVolume Open(DiskContent content)
    {
        if (content.Length < ExtFormat.SuperblockOffset + ExtFormat.SuperblockSize)
        {
            throw DiskFormatException.Truncated(ExtSuperblock.Structure, ExtFormat.SuperblockOffset, $"the volume has {content.Length} bytes");
        }

        byte[] raw = new byte[ExtFormat.SuperblockSize];
        content.Read(ExtFormat.SuperblockOffset, raw);
        return new ExtVolume(content, ExtSuperblock.Parse(raw, content.Length));
    }

    /// <summary>The bytes of a block, which the caller must not change.</summary>
    /// <param name="block">A block inside the file system.</param>
    public byte[] ReadBlock(long block) => _cache.Read(block);

    /// <summary>Reads an inode.</summary>
    /// <param name="number">Its number.</param>
    /// <exception cref="DiskFormatException">There is no such inode, or it or its group descriptor is damaged.</exception>
    public ExtInode ReadInode(uint number)
    {
        if (number == 0 || number > Superblock.InodesCount)
        {
            throw DiskFormatException.Corrupt(ExtInode.StructureOf(number), -1, $"the file system has inodes 1 to {Superblock.InodesCount}");
        }

        (uint group, uint index) = Math.DivRem(number - 1, Superblock.InodesPerGroup);
        long position = (long)index * Superblock.InodeSize;
        long block = ReadDescriptor(group).InodeTable + (position / Superblock.BlockSize);
        int start = (int)(position % Superblock.BlockSize);
        ReadOnlySpan<byte> raw = ReadBlock(block).AsSpan(start, Superblock.InodeSize);
        return ExtInode.Parse(raw, Superblock, number, (block * Superblock.BlockSize) + start);
    }

    /// <summary>How the data of a file is found: extent tree or block map, as its inode says.</summary>
    /// <exception cref="DiskFormatException">The file is longer than its map can tell.</exception>
    public ExtDataMap MapOf(ExtInode inode) =>
        inode.Flags.HasFlag(ExtInodeFlags.Extents) ? new ExtExtentTree(this, inode) : new ExtBlockMap(this, inode);

    private ExtGroupDescriptor ReadDescriptor(uint group)
    {
        if (_descriptors.TryGetValue(group, out ExtGroupDescriptor known))
        {
            return known;
        }

        uint perBlock = (uint)(Superblock.BlockSize / Superblock.DescriptorSize);
        long block = DescriptorBlock(group / perBlock, perBlock);
        int start = (int)(group % perBlock) * Superblock.DescriptorSize;
        long offset = (block * Superblock.BlockSize) + start;
        if (block >= Superblock.BlocksCount)
        {
            throw DiskFormatException.Corrupt($"ext4 group descriptor {group}", offset, $"its block {block} is not inside the {Superblock.BlocksCount} blocks of the file system");
        }

        ExtGroupDescriptor descriptor = ExtGroupDescriptor.Parse(ReadBlock(block).AsSpan(start, Superblock.DescriptorSize), Superblock, group, offset);
        if (_descriptors.Count >= ExtFormat.MaxCachedDescriptors)
        {
            _descriptors.Clear();
        }

        _descriptors.Add(group, descriptor);
        return descriptor;
    }

    // The descriptors follow the superblock, except that from s_first_meta_bg on (feature meta_bg)
    // each block of descriptors is in the first of the groups it describes.
    private long DescriptorBlock(uint index, uint perBlock)
    {
        long superblockBlock = ExtFormat.SuperblockOffset / Superblock.BlockSize;
        if (!Superblock.Incompat.HasFlag(ExtIncompat.MetaBlockGroups) || index < Superblock.FirstMetaBlockGroup)
        {
            return superblockBlock + 1 + index;
        }

        uint group = index * perBlock;
        long skip = Superblock.HasSuperblockCopy(group) ? 1 : 0;
        if (Superblock.BlockSize == ExtFormat.SuperblockOffset && index == 0 && Superblock.FirstDataBlock == 0)
        {
            // With bigalloc and 1 KiB blocks group 0 starts at block 0 and the superblock is block 1.
            skip++;
        }

        return Superblock.FirstBlockOfGroup(group) + skip;
    }
}
