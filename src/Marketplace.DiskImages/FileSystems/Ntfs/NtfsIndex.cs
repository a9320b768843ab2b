using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>A directory: the B-tree of its names in $INDEX_ROOT, $INDEX_ALLOCATION and $BITMAP, all called $I30.</summary>
internal sealed class NtfsIndex
{
    private const int RootHeaderSize = 0x10;
    private const int BlockHeaderSize = 0x18;

    private readonly NtfsVolume _volume;
    private readonly NtfsFile _file;
    private readonly bool _isCaseSensitive;
    private readonly NtfsIndexNode _root;
    private readonly int _blockSize;
    private readonly int _vcnSize;
    private NtfsStream? _blocks;
    private byte[]? _bitmap;

    /// <param name="volume">The volume.</param>
    /// <param name="file">A directory.</param>
    /// <param name="isCaseSensitive">Whether case decides in it. The order of such an index is nowhere documented and not relied on.</param>
    /// <exception cref="DiskFormatException">The root of the index is missing or damaged.</exception>
    public NtfsIndex(NtfsVolume volume, NtfsFile file, bool isCaseSensitive)
    {
        _volume = volume;
        _file = file;
        _isCaseSensitive = isCaseSensitive;
        NtfsAttribute root = file.Find(NtfsFormat.IndexRoot, NtfsFormat.DirectoryIndex) is { IsResident: true } found
            ? found
            : throw DiskFormatException.Corrupt(file.Record.Structure, file.Record.Position, "the directory has no resident $INDEX_ROOT");
        ReadOnlySpan<byte> raw = root.Value.Span;
        uint blockSize = raw.Length >= RootHeaderSize ? BinaryPrimitives.ReadUInt32LittleEndian(raw[0x08..]) : 0;
        if (raw.Length < RootHeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(raw) != NtfsFormat.FileName || BinaryPrimitives.ReadUInt32LittleEndian(raw[0x04..]) != NtfsFormat.CollationFileName
            || blockSize is < NtfsFormat.MinIndexBlockSize or > NtfsFormat.MaxIndexBlockSize || !System.Numerics.BitOperations.IsPow2(blockSize))
        {
            throw DiskFormatException.Corrupt(root.Structure, root.Position, $"the index is not one of file names, or its blocks of {blockSize} bytes are not {NtfsFormat.MinIndexBlockSize} to {NtfsFormat.MaxIndexBlockSize}");
        }

        _blockSize = (int)blockSize;

        // Blocks are counted in clusters, or in sectors of 512 bytes when they are smaller than a cluster.
        _vcnSize = _blockSize >= volume.Boot.ClusterSize ? volume.Boot.ClusterSize : NtfsFormat.FixupStride;
        _root = NtfsIndexNode.Parse(raw[RootHeaderSize..], root.Structure, root.Position);
    }

    /// <summary>All entries in the order of the index, DOS names too.</summary>
    /// <exception cref="DiskFormatException">The index is damaged.</exception>
    public IEnumerable<NtfsIndexEntry> ReadAll() => Walk(null);

    /// <summary>The entries from the first one that is not before a name without regard to case; found by descending the tree.</summary>
    /// <exception cref="DiskFormatException">The index is damaged on the way.</exception>
    public IEnumerable<NtfsIndexEntry> ReadFrom(string name) => Walk(_isCaseSensitive ? null : name);

    private IEnumerable<NtfsIndexEntry> Walk(string? from)
    {
        HashSet<long> visited = [];
        Stack<(NtfsIndexNode Node, int Next)> path = new();
        string? previous = null;
        (string? lower, string? upper) = (null, null);
        NtfsIndexNode? node = _root;
        while (node is not null || path.Count > 0)
        {
            int next = 0;
            if (node is null)
            {
                (node, next) = path.Pop();
            }
            else
            {
                // A node that was just entered: its first entry of interest, whose child comes before it.
                next = from is null ? 0 : FirstNotBefore(node, from, lower, upper);
                if (node.Entries[next].Child is >= 0 and var child)
                {
                    lower = next > 0 ? node.Entries[next - 1].Name!.Name : lower;
                    upper = node.Entries[next].Name?.Name ?? upper;
                    path.Push((node, next));
                    node = Descend(child, path.Count, visited);
                    continue;
                }
            }

            NtfsIndexEntry entry = node.Entries[next];
            if (entry.Name is not { } name)
            {
                node = null;
                continue;
            }

            CheckOrder(node, previous, name.Name);

            if ((name.Parent & NtfsFormat.ReferenceNumberMask) != _file.Record.Number)
            {
                throw DiskFormatException.Corrupt(node.Structure, node.Position, $"an entry belongs to the directory in record {name.Parent & NtfsFormat.ReferenceNumberMask}");
            }

            previous = name.Name;
            yield return entry;

            // What follows is complete: the search was for where to begin.
            from = null;
            next++;
            path.Push((node, next));
            node = node.Entries[next].Child is >= 0 and var below ? Descend(below, path.Count, visited) : null;
        }
    }

    /// <summary>The first entry of a node that is not before the name. All of its names are checked to be in order, or the answer could be wrong.</summary>
    private int FirstNotBefore(NtfsIndexNode node, string from, string? lower, string? upper)
    {
        int found = node.Entries.Length - 1;
        string? next = upper;
        for (int i = node.Entries.Length - 2; i >= 0; i--)
        {
            string name = node.Entries[i].Name!.Name;
            CheckOrder(node, name, next);
            found = _volume.UpCase.CompareIgnoringCase(name, from) >= 0 ? i : found;
            next = name;
        }

        CheckOrder(node, lower, next);
        return found;
    }

    private void CheckOrder(NtfsIndexNode node, string? first, string? second)
    {
        if (first is not null && second is not null && !_isCaseSensitive && _volume.UpCase.CompareIgnoringCase(first, second) > 0)
        {
            throw Corrupt(node.Structure, node.Position, $"the names {FileName.ToDisplay(NtfsName.ToFileName(first))} and {FileName.ToDisplay(NtfsName.ToFileName(second))} are not in order");
        }
    }

    private NtfsIndexNode Descend(long vcn, int depth, HashSet<long> visited)
    {
        if (_blocks is null || _bitmap is null)
        {
            NtfsStream bitmap = _file.OpenStream(NtfsFormat.Bitmap, NtfsFormat.DirectoryIndex)
                ?? throw Corrupt(_root.Structure, _root.Position, "the index has blocks below its root, but there is no $BITMAP");
            _bitmap = bitmap.ReadAll((int)(NtfsFormat.MaxDirectorySize / NtfsFormat.MinIndexBlockSize / 8));
            _blocks = _file.OpenStream(NtfsFormat.IndexAllocation, NtfsFormat.DirectoryIndex)
                ?? throw Corrupt(_root.Structure, _root.Position, "the index has blocks below its root, but there is no $INDEX_ALLOCATION");
        }

        NtfsAttribute allocation = _blocks.Attribute;
        if (_blocks.Length > NtfsFormat.MaxDirectorySize)
        {
            throw DiskFormatException.Unsupported(allocation.Structure, allocation.Position, $"the directory has {_blocks.Length} bytes, at most {NtfsFormat.MaxDirectorySize} are read");
        }

        long offset = vcn <= NtfsFormat.MaxDirectorySize / _vcnSize ? vcn * _vcnSize : long.MaxValue - _blockSize;
        if (offset % _blockSize != 0 || offset > _blocks.Length - _blockSize)
        {
            throw Corrupt(allocation.Structure, allocation.Position, $"index block {vcn} is not inside the {_blocks.Length} bytes of $INDEX_ALLOCATION");
        }

        long number = offset / _blockSize;
        if (number / 8 >= _bitmap.Length || (_bitmap[number / 8] & (1 << (int)(number % 8))) == 0)
        {
            throw Corrupt(allocation.Structure, allocation.Position, $"index block {vcn} is part of the index, $BITMAP says that it is free");
        }

        if (!visited.Add(vcn) || depth > NtfsFormat.MaxIndexDepth)
        {
            throw Corrupt(allocation.Structure, allocation.Position, $"index block {vcn} is met again, or the index is deeper than {NtfsFormat.MaxIndexDepth} levels");
        }

        return ReadBlock(vcn, offset);
    }

    private NtfsIndexNode ReadBlock(long vcn, long offset)
    {
        byte[] raw = new byte[_blockSize];
        _blocks!.Read(offset, raw);
        long position = _blocks.PositionOf(offset);
        string structure = $"NTFS index block {vcn} of record {_file.Record.Number}";
        if (!raw.AsSpan().StartsWith("INDX"u8))
        {
            throw Corrupt(structure, position, $"the signature is 0x{BinaryPrimitives.ReadUInt32BigEndian(raw):X8}, expected INDX");
        }

        NtfsFixup.Apply(raw, structure, position);
        long own = BinaryPrimitives.ReadInt64LittleEndian(raw.AsSpan(0x10));
        return own == vcn
            ? NtfsIndexNode.Parse(raw.AsSpan(BlockHeaderSize), structure, position + BlockHeaderSize)
            : throw Corrupt(structure, position + 0x10, $"the block says that its number is {own}");
    }

    private static DiskFormatException Corrupt(string structure, long position, string detail) => DiskFormatException.Corrupt(structure, position, detail);
}
