namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>The chunks of a file system by their logical addresses.</summary>
internal sealed class BtrfsChunkMap
{
    private const string Structure = "Btrfs chunk tree";

    private readonly SortedList<ulong, BtrfsChunk> _chunks = [];

    /// <summary>Adds a chunk.</summary>
    /// <param name="chunk">A chunk with a higher address than those before.</param>
    /// <param name="position">Where it was read, for messages.</param>
    /// <exception cref="DiskFormatException">It overlaps the chunk before, or there are too many.</exception>
    public void Add(BtrfsChunk chunk, long position)
    {
        if (_chunks.Count > 0 && _chunks.Values[^1] is var last && chunk.Logical - last.Logical < last.Length)
        {
            throw DiskFormatException.Corrupt(Structure, position, $"the chunks at addresses {last.Logical} and {chunk.Logical} overlap");
        }

        if (_chunks.Count == BtrfsFormat.MaxChunks)
        {
            throw DiskFormatException.Unsupported(Structure, position, $"there are more than {BtrfsFormat.MaxChunks} chunks");
        }

        _chunks.Add(chunk.Logical, chunk);
    }

    /// <summary>The chunk of a range of addresses; the range may go beyond it.</summary>
    /// <param name="logical">First address.</param>
    /// <param name="structure">What is read there, for messages.</param>
    /// <exception cref="DiskFormatException">There is no chunk, or it is of a kind that is not read.</exception>
    public BtrfsChunk Find(ulong logical, string structure)
    {
        IList<ulong> starts = _chunks.Keys;
        int low = 0;
        int high = starts.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (starts[middle] <= logical)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low == 0 || _chunks.Values[low - 1] is not { } chunk || logical - chunk.Logical >= chunk.Length)
        {
            throw DiskFormatException.Corrupt(structure, -1, $"no chunk holds the logical address {logical}");
        }

        return chunk.WhyUnsupported.Length == 0 ? chunk : throw DiskFormatException.Unsupported(structure, -1, $"the logical address {logical} is in a chunk that is not read: {chunk.WhyUnsupported}");
    }
}
