using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>An entry of a directory index.</summary>
/// <param name="Reference">The file.</param>
/// <param name="Name">Its name; null in the last entry of a node, which comes after all names.</param>
/// <param name="Child">Number of the block with the names before this one; -1 when there is none.</param>
internal readonly record struct NtfsIndexEntry(ulong Reference, NtfsFileName? Name, long Child);

/// <summary>A node of a directory index: INDEX_HEADER and its entries, in $INDEX_ROOT or in a block of $INDEX_ALLOCATION.</summary>
internal sealed class NtfsIndexNode
{
    private const int HeaderSize = 0x10;
    private const int EntryHeaderSize = 0x10;
    private const int HasChild = 1;
    private const int IsLast = 2;

    private NtfsIndexNode(NtfsIndexEntry[] entries, string structure, long position)
    {
        Entries = entries;
        Structure = structure;
        Position = position;
    }

    /// <summary>The entries in order; the last one has no name.</summary>
    public NtfsIndexEntry[] Entries { get; }

    /// <summary>The name of the structure in messages.</summary>
    public string Structure { get; }

    /// <summary>Offset of INDEX_HEADER in bytes within the volume.</summary>
    public long Position { get; }

    /// <summary>Parses a node.</summary>
    /// <param name="raw">From INDEX_HEADER to the end of what holds it.</param>
    /// <param name="structure">The structure in messages.</param>
    /// <param name="position">Offset of INDEX_HEADER in bytes within the volume.</param>
    /// <exception cref="DiskFormatException">The header or an entry is damaged.</exception>
    public static NtfsIndexNode Parse(ReadOnlySpan<byte> raw, string structure, long position)
    {
        uint first = raw.Length >= HeaderSize ? BinaryPrimitives.ReadUInt32LittleEndian(raw) : 0;
        uint length = raw.Length >= HeaderSize ? BinaryPrimitives.ReadUInt32LittleEndian(raw[0x04..]) : 0;
        if (first < HeaderSize || first % 8 != 0 || length > raw.Length || first > length)
        {
            throw DiskFormatException.Corrupt(structure, position, $"the entries begin at {first} and end at {length} of {raw.Length} bytes");
        }

        List<NtfsIndexEntry> entries = [];
        for (int offset = (int)first; ;)
        {
            ReadOnlySpan<byte> rest = raw[offset..(int)length];
            int size = rest.Length >= EntryHeaderSize ? BinaryPrimitives.ReadUInt16LittleEndian(rest[0x08..]) : 0;
            int keySize = rest.Length >= EntryHeaderSize ? BinaryPrimitives.ReadUInt16LittleEndian(rest[0x0A..]) : 0;
            int flags = rest.Length >= EntryHeaderSize ? BinaryPrimitives.ReadUInt16LittleEndian(rest[0x0C..]) : 0;
            int childSize = (flags & HasChild) != 0 ? sizeof(long) : 0;
            bool isLast = (flags & IsLast) != 0;
            if (size < EntryHeaderSize + childSize + (isLast ? 0 : keySize) || size % 8 != 0 || size > rest.Length)
            {
                throw DiskFormatException.Corrupt(structure, position + offset, $"an entry has a length of {size} and a key of {keySize} bytes, {rest.Length} bytes are left");
            }

            long child = childSize == 0 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(rest[(size - sizeof(long))..]);
            if (childSize != 0 && child < 0)
            {
                throw DiskFormatException.Corrupt(structure, position + offset, $"the block below an entry is {child}");
            }

            entries.Add(new NtfsIndexEntry(
                BinaryPrimitives.ReadUInt64LittleEndian(rest),
                isLast ? null : NtfsFileName.Parse(rest.Slice(EntryHeaderSize, keySize), structure, position + offset),
                child));
            if (isLast)
            {
                return new NtfsIndexNode([.. entries], structure, position);
            }

            offset += size;
        }
    }
}
