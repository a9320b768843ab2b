namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>The blocks of 512 bytes of a log inside its file system.</summary>
internal sealed class XlogBlocks
{
    private const int WindowBlocks = 128;

    private readonly XfsVolume _volume;
    private readonly byte[] _window = new byte[WindowBlocks * XlogFormat.BlockSize];
    private long _windowStart;
    private long _windowCount;

    private XlogBlocks(XfsVolume volume)
    {
        _volume = volume;
        XfsSuperblock superblock = volume.Superblock;
        Start = superblock.PositionOf(superblock.LogStart);
        Count = (long)superblock.LogBlocks << (superblock.BlockLog - XfsFormat.BasicBlockLog);
    }

    /// <summary>Offset of the log in bytes within the volume.</summary>
    public long Start { get; }

    /// <summary>Number of blocks.</summary>
    public long Count { get; }

    /// <summary>Records may be longer than 32 KiB.</summary>
    public bool IsV2 => _volume.Superblock.VersionFlags.HasFlag(XfsVersionFlags.LogV2);

    public XfsSuperblock Superblock => _volume.Superblock;

    /// <summary>Longest record in bytes.</summary>
    public int MaxRecord => IsV2 ? XlogFormat.MaxRecordV2 : XlogFormat.MaxRecordV1;

    /// <summary>Opens the log of a file system.</summary>
    /// <exception cref="DiskFormatException">It is on another device (Unsupported) or not inside the file system (Corrupt).</exception>
    public static XlogBlocks Open(XfsVolume volume)
    {
        XfsSuperblock superblock = volume.Superblock;
        if (superblock.LogStart == 0)
        {
            throw DiskFormatException.Unsupported(XfsSuperblock.Structure, 0, "the log is on another device, so it cannot be told whether changes wait in it");
        }

        if (superblock.LogBlocks == 0 || !superblock.Contains(superblock.LogStart, superblock.LogBlocks))
        {
            throw DiskFormatException.Corrupt(XfsSuperblock.Structure, 0, $"sb_logstart is {superblock.LogStart} and sb_logblocks {superblock.LogBlocks}, which is not inside an allocation group");
        }

        return new XlogBlocks(volume);
    }

    /// <summary>Offset of a block in bytes within the volume.</summary>
    public long Position(long block) => Start + (block * XlogFormat.BlockSize);

    /// <summary>A block of the log; valid until the next call.</summary>
    /// <param name="block">Its number.</param>
    /// <param name="before">Blocks before it that will be asked for next.</param>
    /// <param name="after">Blocks after it that will be asked for next.</param>
    public ReadOnlySpan<byte> Block(long block, int before = 0, int after = 0)
    {
        if (block < _windowStart || block >= _windowStart + _windowCount)
        {
            _windowStart = Math.Max(0, block - Math.Min(before, WindowBlocks - 1));
            _windowCount = Math.Min(Math.Min(Count, block + 1 + Math.Min(after, WindowBlocks - 1)) - _windowStart, WindowBlocks);
            _volume.Content.Read(Position(_windowStart), _window.AsSpan(0, (int)_windowCount * XlogFormat.BlockSize));
        }

        return _window.AsSpan((int)(block - _windowStart) * XlogFormat.BlockSize, XlogFormat.BlockSize);
    }

    /// <summary>The cycle of a block.</summary>
    public uint Cycle(long block) => XlogRecordHeader.CycleOf(Block(block));

    /// <summary>Reads blocks, from the start of the log again when its end is reached.</summary>
    /// <param name="block">The first block.</param>
    /// <param name="destination">Receives whole blocks, no more than the log has.</param>
    public void Read(long block, Span<byte> destination)
    {
        block %= Count;
        int toEnd = (int)Math.Min(destination.Length, (Count - block) * XlogFormat.BlockSize);
        _volume.Content.Read(Position(block), destination[..toEnd]);
        _volume.Content.Read(Start, destination[toEnd..]);
    }

    /// <summary>The first block of a range that belongs to a cycle; null when there is none.</summary>
    public long? FindCycle(long start, long count, uint cycle)
    {
        for (long block = start; block < start + count; block++)
        {
            if (XlogRecordHeader.CycleOf(Block(block, after: WindowBlocks)) == cycle)
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>The last header before a block; null when there is none from <paramref name="end"/> on.</summary>
    public long? FindHeaderBefore(long block, long end)
    {
        for (long candidate = block - 1; candidate >= end; candidate--)
        {
            // Most records that are looked for this way are short.
            int before = block - candidate < 8 ? 7 : WindowBlocks;
            if (XlogRecordHeader.IsHeader(Block(candidate, before)))
            {
                return candidate;
            }
        }

        return null;
    }
}
