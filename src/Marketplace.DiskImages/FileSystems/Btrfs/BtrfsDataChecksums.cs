namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>The checksums of file data: each item of the tree has those of consecutive sectors from a logical address on.</summary>
internal sealed class BtrfsDataChecksums(BtrfsTree tree)
{
    internal const string Structure = "Btrfs checksum item";

    private readonly int _size = BtrfsChecksum.SizeOf(tree.Storage.Superblock.ChecksumType);
    private readonly int _sectorSize = tree.Storage.Superblock.SectorSize;
    private BtrfsItem? _last;

    /// <summary>The checksum of a sector; empty when none is stored.</summary>
    /// <param name="logical">Address of the sector.</param>
    /// <exception cref="DiskFormatException">The tree is damaged.</exception>
    public ReadOnlySpan<byte> Find(ulong logical)
    {
        if (_last is { } last && Slice(last, logical) is { IsEmpty: false } known)
        {
            return known;
        }

        BtrfsKey key = new(BtrfsFormat.ExtentChecksumId, BtrfsFormat.ExtentChecksumKey, logical);
        if (tree.FindLast(key) is not { } item || item.Key.ObjectId != key.ObjectId || item.Key.Type != key.Type)
        {
            return [];
        }

        if (item.Data.Length == 0 || item.Data.Length % _size != 0 || item.Key.Offset % (uint)_sectorSize != 0)
        {
            throw DiskFormatException.Corrupt(Structure, item.Position, $"the item {item.Key} has {item.Data.Length} bytes, a checksum has {_size}");
        }

        _last = item;
        return Slice(item, logical);
    }

    private ReadOnlySpan<byte> Slice(BtrfsItem item, ulong logical)
    {
        ulong start = item.Key.Offset;
        ulong sector = (logical - start) / (uint)_sectorSize;
        return logical < start || sector >= (ulong)(item.Data.Length / _size) ? [] : item.Data.Slice((int)sector * _size, _size);
    }
}
