using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ext.Journal;

/// <summary>A tag of a descriptor block: where the next block of the log belongs.</summary>
/// <param name="Block">The block of the file system.</param>
/// <param name="Flags">t_flags.</param>
/// <param name="Checksum">t_checksum: 32 bits in v3, the low 16 in v2, 0 otherwise.</param>
internal readonly record struct JournalTag(ulong Block, JournalTagFlags Flags, uint Checksum)
{
    /// <summary>Parses the tags of a descriptor block.</summary>
    /// <param name="block">The descriptor block.</param>
    /// <param name="superblock">The superblock of the journal, which decides between the three layouts.</param>
    public static List<JournalTag> ParseAll(ReadOnlySpan<byte> block, JournalSuperblock superblock)
    {
        List<JournalTag> tags = [];
        int size = superblock.TagSize;
        ReadOnlySpan<byte> rest = block[JournalFormat.HeaderSize..^(superblock.HasBlockChecksums ? JournalFormat.TailSize : 0)];
        while (rest.Length >= size)
        {
            JournalTag tag = Parse(rest[..size], superblock);
            tags.Add(tag);
            int step = tag.Flags.HasFlag(JournalTagFlags.SameUuid) ? size : size + JournalFormat.TagUuidSize;
            if (tag.Flags.HasFlag(JournalTagFlags.Last) || step > rest.Length)
            {
                break;
            }

            rest = rest[step..];
        }

        return tags;
    }

    // v3: t_blocknr, t_flags, t_blocknr_high, t_checksum, 4 bytes each.
    // Others: t_blocknr (4), t_checksum (2), t_flags (2), with 64bit t_blocknr_high (4), with v2 two bytes more.
    private static JournalTag Parse(ReadOnlySpan<byte> raw, JournalSuperblock superblock)
    {
        ulong block = BinaryPrimitives.ReadUInt32BigEndian(raw);
        if (superblock.Is64Bit)
        {
            block |= (ulong)BinaryPrimitives.ReadUInt32BigEndian(raw[8..]) << 32;
        }

        return superblock.HasTagsV3
            ? new JournalTag(block, (JournalTagFlags)BinaryPrimitives.ReadUInt32BigEndian(raw[4..]), BinaryPrimitives.ReadUInt32BigEndian(raw[12..]))
            : new JournalTag(block, (JournalTagFlags)BinaryPrimitives.ReadUInt16BigEndian(raw[6..]), BinaryPrimitives.ReadUInt16BigEndian(raw[4..]));
    }
}
