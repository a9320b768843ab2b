namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>Reads file data at logical addresses, verified sector by sector: a copy that does not match its checksum is replaced by the next one.</summary>
internal sealed class BtrfsDataReader
{
    private readonly BtrfsStorage _storage;
    private readonly BtrfsDataChecksums[] _checksums;
    private readonly BtrfsDecompressor _decompressor;
    private readonly LinkedList<(ExtentKey Key, byte[] Data)> _extents = new();
    private readonly byte[] _sector;

    /// <param name="storage">The file system.</param>
    /// <param name="checksums">The trees with checksums; the first one that has one of a sector decides.</param>
    public BtrfsDataReader(BtrfsStorage storage, IEnumerable<BtrfsTree> checksums)
    {
        _storage = storage;
        _checksums = [.. checksums.Select(tree => new BtrfsDataChecksums(tree))];
        _decompressor = new BtrfsDecompressor(storage.Superblock.SectorSize);
        _sector = new byte[storage.Superblock.SectorSize];
    }

    /// <summary>Reads a part of an extent that is not inline and not zeros.</summary>
    /// <param name="extent">The extent.</param>
    /// <param name="inode">The file.</param>
    /// <param name="within">First byte, from the start of the part of the extent that the file shows.</param>
    /// <param name="destination">Receives its length in bytes.</param>
    public void Read(BtrfsFileExtent extent, BtrfsInode inode, long within, Span<byte> destination)
    {
        bool verify = !inode.Flags.HasFlag(BtrfsInodeFlags.NoDataSum);
        if (extent.Compression != BtrfsCompression.None)
        {
            Decompressed(extent, verify).AsSpan((int)(extent.Offset + within), destination.Length).CopyTo(destination);
            return;
        }

        ulong address = extent.DiskAddress + (ulong)(extent.Offset + within);
        while (!destination.IsEmpty)
        {
            // Whole sectors go where they belong; of the first and the last one only a part may be asked for.
            int skip = (int)(address % (uint)_sector.Length);
            int count = Math.Min(destination.Length, skip == 0 ? BtrfsFormat.MaxDataRun : _sector.Length - skip);
            if (skip == 0 && count >= _sector.Length)
            {
                count -= count % _sector.Length;
                count = (int)Math.Min((ulong)count, _storage.CopiesAt(address).Length);
                ReadSectors(address, verify, destination[..count]);
            }
            else
            {
                ReadSectors(address - (uint)skip, verify, _sector);
                _sector.AsSpan(skip, count).CopyTo(destination);
            }

            address += (uint)count;
            destination = destination[count..];
        }
    }

    /// <summary>Decompresses an inline extent.</summary>
    /// <param name="extent">The extent.</param>
    /// <returns>ram_bytes bytes.</returns>
    public byte[] DecompressInline(BtrfsFileExtent extent) => Decompress(extent, extent.InlineData.ToArray());

    private byte[] Decompressed(BtrfsFileExtent extent, bool verify)
    {
        ExtentKey key = new(extent.DiskAddress, extent.DiskBytes, extent.RamBytes, extent.Compression, verify);
        foreach ((ExtentKey Key, byte[] Data) known in _extents)
        {
            if (known.Key == key)
            {
                return known.Data;
            }
        }

        byte[] input = new byte[extent.DiskBytes];
        for (int done = 0; done < input.Length;)
        {
            ulong address = extent.DiskAddress + (uint)done;
            int count = (int)Math.Min((ulong)(input.Length - done), _storage.CopiesAt(address).Length);
            ReadSectors(address, verify, input.AsSpan(done, count));
            done += count;
        }

        byte[] data = Decompress(extent, input);
        _extents.AddFirst((key, data));
        if (_extents.Count > BtrfsFormat.CachedExtents)
        {
            _extents.RemoveLast();
        }

        return data;
    }

    private byte[] Decompress(BtrfsFileExtent extent, byte[] input)
    {
        byte[] data = new byte[extent.RamBytes];
        try
        {
            _decompressor.Decompress(extent.Compression, input, data);
        }
        catch (InvalidDataException e)
        {
            throw DiskFormatException.Corrupt(BtrfsFileExtent.DataStructure, extent.Type == BtrfsExtentType.Inline ? extent.Item.Position : _storage.PositionOf(extent.DiskAddress), $"inode {extent.Item.Key.ObjectId}, {extent.Compression}: {e.Message}");
        }

        return data;
    }

    /// <summary>Reads whole sectors of one chunk.</summary>
    private void ReadSectors(ulong address, bool verify, Span<byte> destination)
    {
        int copies = _storage.CopiesAt(address).Copies;
        _storage.ReadData(address, 0, destination);
        for (int done = 0; verify && done < destination.Length; done += _sector.Length)
        {
            Span<byte> sector = destination.Slice(done, _sector.Length);
            for (int copy = 1; !IsRight(address + (uint)done, sector); copy++)
            {
                if (copy >= copies)
                {
                    throw DiskFormatException.Corrupt(BtrfsFileExtent.DataStructure, _storage.PositionOf(address + (uint)done), $"the checksum ({_storage.Superblock.ChecksumType}) of the sector is not that of the bytes, or none is stored");
                }

                _storage.ReadData(address + (uint)done, copy, sector);
                _storage.NoteDamagedData();
            }
        }
    }

    // The kernel, too, fails to read a sector that should have a checksum and has none.
    private bool IsRight(ulong address, ReadOnlySpan<byte> sector)
    {
        foreach (BtrfsDataChecksums checksums in _checksums)
        {
            if (checksums.Find(address) is { IsEmpty: false } stored)
            {
                return BtrfsChecksum.Matches(_storage.Superblock.ChecksumType, sector, stored);
            }
        }

        return false;
    }

    /// <summary>What decides about the bytes of a decompressed extent.</summary>
    private readonly record struct ExtentKey(ulong Address, long DiskBytes, long RamBytes, BtrfsCompression Compression, bool IsVerified);
}
