namespace Marketplace.DiskImages.InitialRamDisks.Compression;

/// <summary>The last bytes that were unpacked, at least as many as the dictionary has, and the chunk that is being unpacked, in one piece.</summary>
internal sealed class LzmaWindow(int dictionary)
{
    /// <summary>Contexts depend on the place of a byte, but on no more than its last four bits.</summary>
    private const int PlaceAlignment = 16;

    /// <summary>The bytes; those up to <see cref="Position"/> are of this dictionary.</summary>
    public byte[] Bytes { get; } = new byte[dictionary + PlaceAlignment + (2 * XzFormat.MaxChunkUnpacked)];

    /// <summary>Where the next byte goes.</summary>
    public int Position { get; set; }

    /// <summary>How far back may be referred to.</summary>
    public int Available => Math.Min(Position, dictionary);

    /// <summary>Forgets what was unpacked.</summary>
    public void Reset() => Position = 0;

    /// <summary>Makes room for a chunk.</summary>
    /// <param name="count">At most <see cref="XzFormat.MaxChunkUnpacked"/>.</param>
    public void Reserve(int count)
    {
        if (count <= Bytes.Length - Position)
        {
            return;
        }

        int moved = (Position - Available) & -PlaceAlignment;
        Bytes.AsSpan(moved, Position - moved).CopyTo(Bytes);
        Position -= moved;
    }

    /// <summary>Room for a chunk, which counts as unpacked.</summary>
    /// <param name="count">At most <see cref="XzFormat.MaxChunkUnpacked"/>.</param>
    public Span<byte> Append(int count)
    {
        Reserve(count);
        Position += count;
        return Bytes.AsSpan(Position - count, count);
    }

    /// <summary>The last bytes.</summary>
    public ReadOnlySpan<byte> Last(int count) => Bytes.AsSpan(Position - count, count);
}
