using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>The second pass: makes the changes of committed transactions over the volume in memory.</summary>
internal sealed class XlogReplay(XfsVolume volume, XlogOverlay overlay, XlogCancelTable cancelled)
{
    private const int InodesPerChunk = 64;

    private readonly XfsSuperblock _superblock = volume.Superblock;
    private readonly byte[] _buffer = new byte[XlogFormat.MaxBuffer];

    /// <summary>Number of changes made; those the disk already had do not count.</summary>
    public int Applied { get; private set; }

    /// <summary>Makes the changes of a transaction, in the order of the kernel: buffers, then inodes, then cancellations.</summary>
    /// <exception cref="DiskFormatException">A change cannot be made (Corrupt) or is of a kind that is not replayed (Unsupported).</exception>
    public void Commit(XlogTransaction transaction)
    {
        foreach (XlogItem item in transaction.Items.Where(item => item.Type is XlogItemType.Buffer or XlogItemType.InodeCreate))
        {
            if (item.Type == XlogItemType.InodeCreate)
            {
                CreateInodes(item);
            }
            else
            {
                ChangeBuffer(XlogBufferItem.Parse(item), transaction.Lsn);
            }
        }

        foreach (XlogItem item in transaction.Items.Where(item => item.Type == XlogItemType.Inode))
        {
            ChangeInode(XlogInodeItem.Parse(item), transaction.Lsn);
        }

        foreach (XlogItem item in transaction.Items.Where(item => item.Type == XlogItemType.Buffer))
        {
            XlogBufferItem buffer = XlogBufferItem.Parse(item);
            if (buffer.Flags.HasFlag(XlogBufferFlags.Cancel))
            {
                cancelled.Pass(buffer.Block, buffer.Blocks);
            }
        }
    }

    private void ChangeBuffer(XlogBufferItem item, ulong lsn)
    {
        // Inode buffers change the lists of deleted inodes only; quotas and the headers of groups are not read either.
        const XlogBufferFlags Skipped = XlogBufferFlags.Cancel | XlogBufferFlags.InodeBuffer | XlogBufferFlags.Quotas;
        if ((item.Flags & Skipped) != 0 || item.Type is XlogBufferType.GroupFree or XlogBufferType.GroupFreeList or XlogBufferType.GroupInodes || cancelled.IsCancelled(item.Block, item.Blocks))
        {
            return;
        }

        long offset = CheckRange("XFS log buffer item", item.Block, item.Blocks);
        Span<byte> buffer = _buffer.AsSpan(0, item.Length);
        overlay.Read(offset, buffer);
        XlogBufferLsn? onDisk = _superblock.HasChecksums ? XlogBufferLsn.Read(buffer, _superblock.MetaUuid) : null;
        if (onDisk is { Lsn: not (0 or ulong.MaxValue) } header && header.Lsn >= lsn)
        {
            return;
        }

        bool wasWrong = onDisk is { } known && HasWrongChecksum(known, buffer, offset);
        int changed = item.Apply(buffer);

        // A block that is made anew has another type or owner than what is left there from before.
        bool wasDamaged = wasWrong && XlogBufferLsn.Read(buffer, _superblock.MetaUuid) is { } changedTo && changedTo.Magic == onDisk!.Value.Magic && changedTo.Owner == onDisk.Value.Owner;
        overlay.Write(offset, buffer);
        Applied++;

        // A checksum that was wrong before stays wrong, so that damage is not hidden; unless nothing of the old block is left.
        if (!wasDamaged || changed == buffer.Length)
        {
            overlay.MarkReplayed(offset, buffer.Length);
        }

        if (offset == 0 && _superblock.HasChecksums)
        {
            RepairSuperblock();
        }
    }

    private bool HasWrongChecksum(XlogBufferLsn header, ReadOnlySpan<byte> buffer, long offset)
    {
        // Of what is longer than a block some may have been used for something else before it was made anew here, and a
        // piece of it has no checksum of its own.
        bool isOneBlock = header.Magic is XfsFormat.BmapMagicV5 || (header.Magic is not XfsFormat.SymlinkMagic && _superblock.DirectoryBlockLog == 0);
        if (header.Checksum is not { } checksum || !isOneBlock || buffer.Length != _superblock.BlockSize)
        {
            return false;
        }

        // What was written elsewhere and is left over may be anything; so may what was changed by the log before.
        bool isInPlace = BinaryPrimitives.ReadUInt64BigEndian(buffer[header.Address..]) == (ulong)offset >> XfsFormat.BasicBlockLog;
        return isInPlace && !overlay.IsReplayed(offset, buffer.Length) && !XfsChecksum.IsValid(buffer, checksum);
    }

    private void RepairSuperblock()
    {
        Span<byte> sector = _buffer.AsSpan(0, _superblock.SectorSize);
        overlay.Read(0, sector);
        XfsChecksum.Write(sector, XfsSuperblock.ChecksumOffset);
        overlay.Write(0, sector);
    }

    private void ChangeInode(XlogInodeItem item, ulong lsn)
    {
        if (cancelled.IsCancelled(item.Block, item.Blocks))
        {
            return;
        }

        long offset = CheckRange(XfsInode.StructureOf(item.Number), item.Block, item.Blocks) + item.Offset;
        if (item.Offset < 0 || item.Offset % _superblock.InodeSize != 0 || item.Offset > (item.Blocks * XfsFormat.BasicBlockSize) - _superblock.InodeSize)
        {
            throw DiskFormatException.Corrupt(XfsInode.StructureOf(item.Number), -1, $"dirty log: ilf_boffset is {item.Offset} in a buffer of {item.Blocks} sectors");
        }

        Span<byte> inode = _buffer.AsSpan(0, _superblock.InodeSize);
        overlay.Read(offset, inode);
        if (BinaryPrimitives.ReadUInt16BigEndian(inode) != XfsFormat.InodeMagic)
        {
            throw DiskFormatException.Corrupt(XfsInode.StructureOf(item.Number), offset, "dirty log: it changes an inode where none is on disk");
        }

        if (item.Fields.HasFlag(XlogInodeFields.DataOwner))
        {
            throw DiskFormatException.Unsupported(XfsInode.StructureOf(item.Number), offset, "dirty log: xfs_fsr was at work, and the new owner of the blocks of an extent tree is not replayed");
        }

        if (item.IsOlderThan(inode, lsn))
        {
            return;
        }

        // A checksum that was wrong before stays wrong, so that damage is not hidden.
        bool wasDamaged = _superblock.HasChecksums && !XfsChecksum.IsValid(inode, XfsInode.ChecksumOffset);
        item.Apply(inode, _superblock, lsn);
        if (_superblock.HasChecksums && !wasDamaged)
        {
            XfsChecksum.Write(inode, XfsInode.ChecksumOffset);
        }

        overlay.Write(offset, inode);
        Applied++;
    }

    // struct xfs_icreate_log: type u16, size u16, then big-endian icl_ag, icl_agbno, icl_count, icl_isize, icl_length, icl_gen.
    private void CreateInodes(XlogItem item)
    {
        const int FormatSize = 28;
        ReadOnlySpan<byte> raw = item.Format;
        if (raw.Length < FormatSize)
        {
            throw DiskFormatException.Corrupt("XFS log inode creation", -1, $"the format has {raw.Length} bytes");
        }

        ulong block = ((ulong)BinaryPrimitives.ReadUInt32BigEndian(raw[4..]) << _superblock.GroupBlockLog) | BinaryPrimitives.ReadUInt32BigEndian(raw[8..]);
        uint count = BinaryPrimitives.ReadUInt32BigEndian(raw[12..]);
        uint size = BinaryPrimitives.ReadUInt32BigEndian(raw[16..]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(raw[20..]);
        uint max = (uint)Math.Max(InodesPerChunk, _superblock.BlockSize / _superblock.InodeSize);
        if (count == 0 || count > max || size != _superblock.InodeSize || length != count >> _superblock.InodesPerBlockLog || length == 0 || !_superblock.Contains(block, length))
        {
            throw DiskFormatException.Corrupt("XFS log inode creation", -1, $"{count} inodes of {size} bytes in {length} blocks from block {block} cannot be");
        }

        long offset = _superblock.PositionOf(block);
        if (cancelled.IsAnyCancelled(offset >> XfsFormat.BasicBlockLog, (long)length << (_superblock.BlockLog - XfsFormat.BasicBlockLog)))
        {
            return;
        }

        ulong number = block << _superblock.InodesPerBlockLog;
        for (uint i = 0; i < count; i++)
        {
            overlay.Write(offset + (i * _superblock.InodeSize), EmptyInode(number + i, raw.Slice(24, sizeof(uint))));
        }

        Applied++;
    }

    private ReadOnlySpan<byte> EmptyInode(ulong number, ReadOnlySpan<byte> generation)
    {
        Span<byte> inode = _buffer.AsSpan(0, _superblock.InodeSize);
        inode.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(inode, XfsFormat.InodeMagic);
        inode[4] = (byte)(_superblock.HasChecksums ? 3 : 2);
        generation.CopyTo(inode[92..]);
        BinaryPrimitives.WriteUInt32BigEndian(inode[96..], uint.MaxValue);
        if (_superblock.HasChecksums)
        {
            BinaryPrimitives.WriteUInt64BigEndian(inode[152..], number);
            _superblock.MetaUuid.CopyTo(inode[160..]);
            XfsChecksum.Write(inode, XfsInode.ChecksumOffset);
        }

        return inode;
    }

    private long CheckRange(string structure, long block, int blocks)
    {
        long sectors = _superblock.DataBlocks << (_superblock.BlockLog - XfsFormat.BasicBlockLog);
        return block >= 0 && blocks > 0 && blocks * XfsFormat.BasicBlockSize <= XlogFormat.MaxBuffer && block <= sectors - blocks
            ? block * XfsFormat.BasicBlockSize
            : throw DiskFormatException.Corrupt(structure, -1, $"dirty log: it changes {blocks} sectors from sector {block}, the file system has {sectors}");
    }
}
