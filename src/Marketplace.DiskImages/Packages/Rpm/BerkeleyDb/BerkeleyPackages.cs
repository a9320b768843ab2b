using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Packages.Rpm.BerkeleyDb;

/// <summary>The package headers of a Berkeley DB hash, RPM's database until RHEL 8: the values of all keys but 0, which holds the last package number.</summary>
internal static class BerkeleyPackages
{
    /// <exception cref="DiskFormatException">The database is damaged.</exception>
    public static IEnumerable<BlobPrefix> ReadHeaders(DiskContent content)
    {
        if (content.Length < BerkeleyHashFormat.MetaSize)
        {
            throw DiskFormatException.Truncated(BerkeleyHashFormat.MetaStructure, 0, $"the file has {content.Length} bytes");
        }

        byte[] start = new byte[BerkeleyHashFormat.MetaSize];
        content.Read(0, start);
        BerkeleyHashMeta meta = BerkeleyHashMeta.Parse(start, content.Length);
        BerkeleyPages pages = new(content, meta);
        for (uint bucket = 0; bucket <= meta.MaxBucket; bucket++)
        {
            for (long number = meta.PageOf(bucket); number != 0;)
            {
                byte[] page = pages.Read(number, BerkeleyHashFormat.PageHash, BerkeleyHashFormat.PageHashUnsorted);
                foreach (BlobPrefix header in ReadPage(pages, meta, page, number * meta.PageSize))
                {
                    yield return header;
                }

                number = meta.U32(page, BerkeleyHashFormat.NextPageOffset);
            }
        }
    }

    /// <summary>Keys and values take turns; the index gives where they begin, the first one at the end of the page.</summary>
    private static IEnumerable<BlobPrefix> ReadPage(BerkeleyPages pages, BerkeleyHashMeta meta, byte[] page, long position)
    {
        int entries = meta.U16(page, BerkeleyHashFormat.EntriesOffset);
        int indexEnd = BerkeleyHashFormat.PageHeaderSize + (entries * sizeof(ushort));
        if (entries % 2 != 0 || indexEnd > page.Length)
        {
            throw DiskFormatException.Corrupt(BerkeleyHashFormat.PageStructure, position + BerkeleyHashFormat.EntriesOffset, $"the page has {entries} entries");
        }

        int end = page.Length;
        ReadOnlyMemory<byte> key = default;
        for (int i = 0; i < entries; i++)
        {
            int start = meta.U16(page, BerkeleyHashFormat.PageHeaderSize + (i * sizeof(ushort)));
            if (start < indexEnd || start >= end)
            {
                throw DiskFormatException.Corrupt(BerkeleyHashFormat.PageStructure, position, $"entry {i} begins at {start}, outside {indexEnd} to {end}");
            }

            ReadOnlyMemory<byte> item = page.AsMemory(start, end - start);
            end = start;
            if (i % 2 == 0)
            {
                key = item;
            }
            else if (IsPackage(key.Span, position))
            {
                yield return OpenValue(pages, meta, item, position + start);
            }
        }
    }

    private static bool IsPackage(ReadOnlySpan<byte> key, long position) =>
        key.Length == 1 + sizeof(uint) && key[0] == BerkeleyHashFormat.ItemKeyData
            ? key[1..].ContainsAnyExcept((byte)0)
            : throw DiskFormatException.Corrupt(BerkeleyHashFormat.PageStructure, position, "a key is not a package number");

    private static BlobPrefix OpenValue(BerkeleyPages pages, BerkeleyHashMeta meta, ReadOnlyMemory<byte> item, long position)
    {
        switch (item.Span[0])
        {
            case BerkeleyHashFormat.ItemKeyData:
                return new BlobPrefix(BerkeleyHashFormat.ValueStructure, item.Length - 1, [item[1..]]);
            case BerkeleyHashFormat.ItemOffPage when item.Length == BerkeleyHashFormat.OffPageSize:
                uint length = meta.U32(item.Span, BerkeleyHashFormat.OffPageLengthOffset);
                if (length > meta.LastPage * (long)meta.PageSize || length > int.MaxValue)
                {
                    throw DiskFormatException.Corrupt(BerkeleyHashFormat.PageStructure, position, $"a value has {length} bytes, more than the file");
                }

                return new BlobPrefix(BerkeleyHashFormat.ValueStructure, (int)length, ReadParts(pages, meta, meta.U32(item.Span, BerkeleyHashFormat.OffPageNumberOffset)));
            default:
                throw DiskFormatException.Corrupt(BerkeleyHashFormat.PageStructure, position, $"a value is of kind {item.Span[0]} with {item.Length} bytes");
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> ReadParts(BerkeleyPages pages, BerkeleyHashMeta meta, uint number)
    {
        while (number != 0)
        {
            byte[] page = pages.Read(number, BerkeleyHashFormat.PageOverflow);
            int count = meta.U16(page, BerkeleyHashFormat.HighFreeOffset);
            if (count == 0 || count > page.Length - BerkeleyHashFormat.PageHeaderSize)
            {
                throw DiskFormatException.Corrupt(BerkeleyHashFormat.PageStructure, number * (long)meta.PageSize, $"the overflow page has {count} bytes");
            }

            yield return page.AsMemory(BerkeleyHashFormat.PageHeaderSize, count);
            number = meta.U32(page, BerkeleyHashFormat.NextPageOffset);
        }
    }
}
