using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Registry.Logs;

/// <summary>A log with an intact base block.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="BaseBlock">The copy of the base block of the hive.</param>
internal sealed record HiveLog(DiskContent Content, HiveBaseBlock BaseBlock)
{
    /// <summary>Whether it is one of entries (<c>HvLE</c>), not of dirty pages (<c>DIRT</c>).</summary>
    public bool HasEntries => BaseBlock.FileType == HiveLogFormat.FileTypeEntries;

    /// <summary>Opens a log; null when its base block is damaged or half written.</summary>
    /// <exception cref="DiskFormatException">The log is larger than what is read.</exception>
    public static HiveLog? Open(DiskContent content)
    {
        if (content.Length < RegistryFormat.BaseBlockUsedSize)
        {
            return null;
        }

        if (content.Length > HiveLogFormat.MaxLogSize)
        {
            throw DiskFormatException.Unsupported(HiveLogFormat.LogStructure, 0, $"the log has {content.Length} bytes, at most {HiveLogFormat.MaxLogSize} are read");
        }

        byte[] bytes = new byte[RegistryFormat.BaseBlockUsedSize];
        content.Read(0, bytes);
        HiveBaseBlock block = HiveBaseBlock.Parse(bytes);
        return block.IsDirty || block.FileType is not (HiveLogFormat.FileTypeEntries or HiveLogFormat.FileTypeDirtyPages or HiveLogFormat.FileTypeOldDirtyPages)
            ? null
            : new HiveLog(content, block);
    }

    /// <summary>Whether the content was never a log: empty, or nothing but zeros at its beginning.</summary>
    public static bool IsUnused(DiskContent content)
    {
        byte[] bytes = new byte[(int)Math.Min(content.Length, RegistryFormat.BaseBlockUsedSize)];
        content.Read(0, bytes);
        return !bytes.AsSpan().ContainsAnyExcept((byte)0);
    }

    /// <summary>
    /// The entries that belong together: the first has the sequence number of the base block, each other one that of the entry
    /// before it and 1. What follows is from an earlier use of the log, or was never finished.
    /// </summary>
    /// <exception cref="DiskFormatException">An entry is nonsense.</exception>
    public IReadOnlyList<HiveLogEntry> ReadEntries()
    {
        List<HiveLogEntry> entries = [];
        uint expected = BaseBlock.PrimarySequence;
        for (long offset = HiveLogFormat.SectorSize; HiveLogEntry.Read(Content, offset) is { } entry && entry.Sequence == expected; offset += entry.Size)
        {
            entries.Add(entry);
            expected = unchecked(entry.Sequence + 1);
        }

        return entries;
    }

    /// <summary>The dirty pages of a log of the old format; null when it has no dirty vector.</summary>
    /// <exception cref="DiskFormatException">The log is shorter than its dirty vector says, or the size of the bins cannot be.</exception>
    public IReadOnlyList<LoggedPage>? ReadDirtyPages()
    {
        if (BaseBlock.ClusteringFactor is 0 or > HiveLogFormat.MaxClusteringFactor)
        {
            return null;
        }

        int sector = (int)BaseBlock.ClusteringFactor * HiveLogFormat.SectorSize;
        byte[] signature = new byte[HiveLogFormat.DirtyVectorHeaderSize];
        if (Content.Length - sector < signature.Length)
        {
            return null;
        }

        Content.Read(sector, signature);
        if (!signature.AsSpan().SequenceEqual(HiveLogFormat.DirtyVectorSignature))
        {
            return null;
        }

        if (BaseBlock.BinsSize % RegistryFormat.BinAlignment != 0)
        {
            throw DiskFormatException.Corrupt(HiveLogFormat.LogStructure, RegistryFormat.BinsSizeOffset, $"the bins have {BaseBlock.BinsSize} bytes, not a multiple of {RegistryFormat.BinAlignment}");
        }

        uint bits = BaseBlock.BinsSize / HiveLogFormat.SectorSize;
        long vector = sector + HiveLogFormat.DirtyVectorHeaderSize;
        long next = vector + (bits / 8);
        next = (next + sector - 1) / sector * sector;
        if (next > Content.Length)
        {
            throw DiskFormatException.Truncated(HiveLogFormat.LogStructure, vector, $"a dirty vector of {bits} bits does not fit in {Content.Length} bytes");
        }

        byte[] bitmap = new byte[bits / 8];
        Content.Read(vector, bitmap);
        List<LoggedPage> pages = [];
        for (uint bit = 0; bit < bits; bit++)
        {
            if ((bitmap[bit / 8] & (1 << (int)(bit % 8))) == 0)
            {
                continue;
            }

            if (Content.Length - next < HiveLogFormat.SectorSize)
            {
                throw DiskFormatException.Truncated(HiveLogFormat.LogStructure, next, "the log ends before its dirty pages do");
            }

            pages.Add(new LoggedPage(bit * HiveLogFormat.SectorSize, HiveLogFormat.SectorSize, next));
            next += HiveLogFormat.SectorSize;
        }

        return pages;
    }
}
