using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>
/// A block map, as ext2 and ext3 have it: i_block holds 12 direct pointers, then one single, one double and one triple
/// indirect pointer. A pointer of 0 is a hole as large as what it would lead to.
/// </summary>
internal sealed class ExtBlockMap : ExtDataMap
{
    private const int MaxDepth = 3;

    private readonly ExtVolume _volume;
    private readonly ExtInode _inode;
    private readonly long _perBlock;

    /// <param name="volume">The file system.</param>
    /// <param name="inode">The file.</param>
    /// <exception cref="DiskFormatException">The file is longer than three levels of pointers reach.</exception>
    public ExtBlockMap(ExtVolume volume, ExtInode inode)
    {
        _volume = volume;
        _inode = inode;
        _perBlock = volume.Superblock.BlockSize / sizeof(uint);
        long reach = ExtFormat.DirectBlocks + _perBlock + (_perBlock * _perBlock) + (_perBlock * _perBlock * _perBlock);
        if (inode.Size > Math.Min(reach, ExtFormat.MaxLogicalBlocks) * volume.Superblock.BlockSize)
        {
            throw Corrupt(inode.Offset, $"i_size is {inode.Size} bytes, three levels of pointers reach {reach} blocks");
        }
    }

    public override ExtRun Find(long logical)
    {
        if (logical < ExtFormat.DirectBlocks)
        {
            return Run(_inode.BlockArea.AsSpan(0, ExtFormat.DirectBlocks * sizeof(uint)), (int)logical, _inode.BlockAreaPosition);
        }

        long rest = logical - ExtFormat.DirectBlocks;
        long span = _perBlock;
        int depth = 1;
        while (depth < MaxDepth && rest >= span)
        {
            rest -= span;
            span *= _perBlock;
            depth++;
        }

        uint pointer = Pointer(_inode.BlockArea, ExtFormat.DirectBlocks + depth - 1);
        long position = _inode.BlockAreaPosition;
        while (true)
        {
            if (pointer == 0)
            {
                return ExtRun.Zeros(span - rest);
            }

            Check(pointer, position);
            byte[] block = _volume.ReadBlock(pointer);
            position = (long)pointer * _volume.Superblock.BlockSize;
            span /= _perBlock;
            (long index, rest) = Math.DivRem(rest, span);
            if (span == 1)
            {
                return Run(block, (int)index, position);
            }

            pointer = Pointer(block, (int)index);
        }
    }

    // The run that starts at a pointer to data: as many pointers as are consecutive, or all are 0.
    private ExtRun Run(ReadOnlySpan<byte> pointers, int index, long position)
    {
        uint first = Pointer(pointers, index);
        long count = 1;
        int total = pointers.Length / sizeof(uint);
        while (index + count < total)
        {
            uint next = Pointer(pointers, (int)(index + count));
            if (first == 0 ? next != 0 : next != first + count)
            {
                break;
            }

            count++;
        }

        if (first == 0)
        {
            return ExtRun.Zeros(count);
        }

        Check(first, position);
        return new ExtRun(first, Math.Min(count, _volume.Superblock.BlocksCount - first));
    }

    private void Check(uint pointer, long position)
    {
        if (!_volume.Superblock.IsDataRange(pointer, 1))
        {
            throw Corrupt(position, $"a pointer leads to block {pointer}, which is not inside the file system");
        }
    }

    private static uint Pointer(ReadOnlySpan<byte> pointers, int index) => BinaryPrimitives.ReadUInt32LittleEndian(pointers[(index * sizeof(uint))..]);

    private DiskFormatException Corrupt(long position, string detail) =>
        DiskFormatException.Corrupt($"ext4 block map of inode {_inode.Number}", position, detail);
}
