using System.Buffers.Binary;

namespace Marketplace.DiskImages.Packages.Rpm.Sqlite;

/// <summary>The rows of a table, in the order of their numbers.</summary>
internal static class SqliteTable
{
    /// <param name="pager">The database.</param>
    /// <param name="root">The root page of the table.</param>
    /// <exception cref="DiskFormatException">A page of the table is damaged.</exception>
    public static IEnumerable<BlobPrefix> ReadRows(SqlitePager pager, uint root)
    {
        // The pager gives no page twice, so the stack holds each one at most once.
        Stack<(uint Page, int Depth)> pending = new([(root, 0)]);
        while (pending.TryPop(out (uint Page, int Depth) next))
        {
            byte[] page = pager.Read(next.Page);
            long position = pager.OffsetOf(next.Page);
            int header = next.Page == 1 ? SqliteFormat.HeaderSize : 0;
            switch (page[header])
            {
                case SqliteFormat.LeafTable:
                    foreach (int cell in Cells(pager, page, header, SqliteFormat.LeafHeaderSize, position))
                    {
                        yield return OpenRow(pager, page, cell, position);
                    }

                    break;
                case SqliteFormat.InteriorTable when next.Depth < SqliteFormat.MaxDepth:
                    uint right = BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(header + SqliteFormat.RightChildOffset));
                    List<uint> children = [.. Cells(pager, page, header, SqliteFormat.InteriorHeaderSize, position).Select(cell => BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(cell))), right];
                    children.Reverse();
                    foreach (uint child in children)
                    {
                        pending.Push((child, next.Depth + 1));
                    }

                    break;
                default:
                    throw DiskFormatException.Corrupt(SqliteFormat.PageStructure, position + header, $"a page of kind {page[header]} at depth {next.Depth} of a table");
            }
        }
    }

    /// <summary>Reads a variable-length number: seven bits a byte, eight in the ninth.</summary>
    /// <param name="bytes">Bytes that begin with it.</param>
    /// <param name="value">The number.</param>
    /// <returns>Its length; 0 when the bytes end before it does.</returns>
    public static int ReadVarint(ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < SqliteFormat.MaxVarint && i < bytes.Length; i++)
        {
            if (i == SqliteFormat.MaxVarint - 1)
            {
                value = (value << 8) | bytes[i];
                return i + 1;
            }

            value = (value << 7) | (uint)(bytes[i] & 0x7F);
            if ((bytes[i] & 0x80) == 0)
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static List<int> Cells(SqlitePager pager, byte[] page, int header, int headerSize, long position)
    {
        int count = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(header + SqliteFormat.CellCountOffset));
        int first = header + headerSize + (count * sizeof(ushort));

        // A cell has at least four bytes, the least there can be behind its pointer.
        if (first + (count * sizeof(uint)) > pager.Header.UsableSize)
        {
            throw DiskFormatException.Corrupt(SqliteFormat.PageStructure, position + header + SqliteFormat.CellCountOffset, $"{count} cells do not fit in the page");
        }

        List<int> cells = [];
        for (int i = 0; i < count; i++)
        {
            int cell = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(header + headerSize + (i * sizeof(ushort))));
            if (cell < first || cell > pager.Header.UsableSize - sizeof(uint))
            {
                throw DiskFormatException.Corrupt(SqliteFormat.PageStructure, position + header + headerSize + (i * sizeof(ushort)), $"a cell begins at {cell}, outside {first} to {pager.Header.UsableSize}");
            }

            cells.Add(cell);
        }

        return cells;
    }

    private static BlobPrefix OpenRow(SqlitePager pager, byte[] page, int cell, long position)
    {
        int usable = pager.Header.UsableSize;
        ReadOnlySpan<byte> bytes = page.AsSpan(cell, usable - cell);
        int lengthSize = ReadVarint(bytes, out ulong length);
        int keySize = ReadVarint(bytes[lengthSize..], out _);
        if (lengthSize == 0 || keySize == 0 || length == 0 || length > (ulong)pager.PageCount * (ulong)pager.Header.PageSize || length > int.MaxValue)
        {
            throw DiskFormatException.Corrupt(SqliteFormat.PageStructure, position + cell, $"a row of {length} bytes");
        }

        int start = cell + lengthSize + keySize;
        int local = LocalSize((int)length, usable);
        int stored = local < (int)length ? local + sizeof(uint) : local;
        return stored <= usable - start
            ? new BlobPrefix(SqliteFormat.RecordStructure, (int)length, ReadParts(pager, page, start, local, (int)length))
            : throw DiskFormatException.Corrupt(SqliteFormat.PageStructure, position + cell, $"{stored} bytes of a row do not fit in the page");
    }

    /// <summary>How much of a row stands in the page itself, the rest being on overflow pages.</summary>
    private static int LocalSize(int length, int usable)
    {
        if (length <= usable - 35)
        {
            return length;
        }

        int least = ((usable - 12) * 32 / 255) - 23;
        int wanted = least + ((length - least) % (usable - 4));
        return wanted <= usable - 35 ? wanted : least;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> ReadParts(SqlitePager pager, byte[] page, int start, int local, int length)
    {
        yield return page.AsMemory(start, local);
        uint next = local < length ? BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(start + local)) : 0;
        for (int left = length - local; left > 0;)
        {
            byte[] overflow = pager.Read(next);
            int count = Math.Min(left, pager.Header.UsableSize - sizeof(uint));
            yield return overflow.AsMemory(sizeof(uint), count);
            next = BinaryPrimitives.ReadUInt32BigEndian(overflow);
            left -= count;
        }
    }
}
