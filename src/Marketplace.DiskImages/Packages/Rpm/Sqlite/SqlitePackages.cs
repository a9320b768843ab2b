using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Packages.Rpm.Sqlite;

/// <summary>The package headers of a SQLite database, RPM's since 4.16: the second column of its table <c>Packages</c>.</summary>
internal static class SqlitePackages
{
    /// <param name="content">The database file.</param>
    /// <param name="wal">Its write-ahead log; null when there is none.</param>
    /// <param name="journal">Its rollback journal; null when there is none.</param>
    /// <exception cref="DiskFormatException">The database is damaged, or has no such table.</exception>
    public static IEnumerable<BlobPrefix> ReadHeaders(DiskContent content, DiskContent? wal, DiskContent? journal)
    {
        SqlitePager pager = SqlitePager.Open(content, wal, journal);
        foreach (BlobPrefix row in SqliteTable.ReadRows(pager, FindTable(pager)))
        {
            SqliteColumn[] columns = SqliteRecord.ReadColumns(row, 2);
            yield return columns[1].IsBlob
                ? row.Narrow(columns[1].Offset, columns[1].Length)
                : throw DiskFormatException.Corrupt(SqliteFormat.RecordStructure, -1, $"the header of a package is of type {columns[1].Type}, not bytes");
        }
    }

    /// <summary>The schema is the table at page 1: type, name, table name, root page, and the statement, which is not needed.</summary>
    private static uint FindTable(SqlitePager pager)
    {
        foreach (BlobPrefix row in SqliteTable.ReadRows(pager, 1))
        {
            using (row)
            {
                SqliteColumn[] columns = SqliteRecord.ReadColumns(row, 4);
                if (Is(row, columns[0], "table"u8) && Is(row, columns[1], "Packages"u8))
                {
                    long root = columns[3].IsInteger ? SqliteRecord.ReadInteger(row, columns[3]) : 0;
                    return root is > 0 and <= uint.MaxValue
                        ? (uint)root
                        : throw DiskFormatException.Corrupt(SqliteFormat.SchemaStructure, 0, $"the root page of the table Packages is {root}");
                }
            }
        }

        throw DiskFormatException.Corrupt(SqliteFormat.SchemaStructure, 0, "there is no table Packages");
    }

    private static bool Is(BlobPrefix row, SqliteColumn column, ReadOnlySpan<byte> text) =>
        column.IsText && column.Length == text.Length && row.Read(column.Offset, column.Length).SequenceEqual(text);
}
