namespace Marketplace.DiskImages.Packages.Rpm.Sqlite;

/// <summary>A column of a record.</summary>
/// <param name="Type">Serial type: 0 NULL, 1 to 6 integers, 7 a float, 8 and 9 the integers 0 and 1, even numbers from 12 bytes, odd ones from 13 text.</param>
/// <param name="Offset">Where its data begin in the record.</param>
/// <param name="Length">Length of its data in bytes.</param>
internal readonly record struct SqliteColumn(ulong Type, int Offset, int Length)
{
    public bool IsBlob => Type >= 12 && Type % 2 == 0;

    public bool IsText => Type >= 13 && Type % 2 == 1;

    public bool IsInteger => Type is >= 1 and <= 6 or 8 or 9;
}

/// <summary>The record format: a header of serial types, then the data of the columns.</summary>
internal static class SqliteRecord
{
    private static readonly int[] FixedLengths = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

    /// <summary>The first columns of a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="count">How many are needed.</param>
    /// <exception cref="DiskFormatException">There are fewer, or they do not fit in the record.</exception>
    public static SqliteColumn[] ReadColumns(BlobPrefix record, int count)
    {
        int at = SqliteTable.ReadVarint(record.Read(0, Math.Min(record.Length, SqliteFormat.MaxVarint)), out ulong headerSize);
        if (at == 0 || headerSize > (ulong)record.Length)
        {
            throw DiskFormatException.Corrupt(SqliteFormat.RecordStructure, -1, $"a header of {headerSize} bytes in a record of {record.Length}");
        }

        int end = (int)headerSize;
        SqliteColumn[] columns = new SqliteColumn[count];
        ulong offset = headerSize;
        for (int i = 0; i < count; i++)
        {
            int size = at < end ? SqliteTable.ReadVarint(record.Read(at, Math.Min(end - at, SqliteFormat.MaxVarint)), out ulong type) : Nothing(out type);
            ulong length = type < (ulong)FixedLengths.Length ? (ulong)FixedLengths[(int)type] : (type - 12) / 2;
            if (size == 0 || type is 10 or 11 || length > (ulong)record.Length - offset)
            {
                throw DiskFormatException.Corrupt(SqliteFormat.RecordStructure, -1, $"column {i} of type {type} does not fit in the record of {record.Length} bytes");
            }

            columns[i] = new SqliteColumn(type, (int)offset, (int)length);
            offset += length;
            at += size;
        }

        return columns;
    }

    /// <summary>The number in an integer column.</summary>
    public static long ReadInteger(BlobPrefix record, SqliteColumn column)
    {
        if (column.Type is 8 or 9)
        {
            return (long)column.Type - 8;
        }

        ReadOnlySpan<byte> bytes = record.Read(column.Offset, column.Length);
        long value = (sbyte)bytes[0];
        foreach (byte b in bytes[1..])
        {
            value = (value << 8) | b;
        }

        return value;
    }

    private static int Nothing(out ulong type)
    {
        type = 0;
        return 0;
    }
}
