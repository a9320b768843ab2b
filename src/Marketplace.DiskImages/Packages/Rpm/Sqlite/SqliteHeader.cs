using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.Packages.Rpm.Sqlite;

/// <summary>The header at the beginning of page 1.</summary>
/// <param name="PageSize">Size of a page in bytes.</param>
/// <param name="UsableSize">What of it holds content.</param>
/// <param name="PageCount">Number of pages; 0 when only the length of the file tells.</param>
internal sealed record SqliteHeader(int PageSize, int UsableSize, uint PageCount)
{
    /// <exception cref="DiskFormatException">The header is damaged, or the database uses what is not read.</exception>
    public static SqliteHeader Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < SqliteFormat.HeaderSize || !SqliteFormat.IsDatabase(bytes))
        {
            throw DiskFormatException.Corrupt(SqliteFormat.HeaderStructure, 0, "the signature 'SQLite format 3' is missing");
        }

        int pageSize = BinaryPrimitives.ReadUInt16BigEndian(bytes[SqliteFormat.PageSizeOffset..]);
        pageSize = pageSize == 1 ? SqliteFormat.MaxPageSize : pageSize;
        int usable = pageSize - bytes[SqliteFormat.ReservedBytesOffset];
        if (pageSize < SqliteFormat.MinPageSize || !BitOperations.IsPow2(pageSize) || usable < SqliteFormat.MinUsableSize)
        {
            throw DiskFormatException.Corrupt(SqliteFormat.HeaderStructure, SqliteFormat.PageSizeOffset, $"the page size is {pageSize}, of which {usable} bytes are usable");
        }

        if (bytes[SqliteFormat.ReadVersionOffset] is 0 or > SqliteFormat.MaxReadVersion || !bytes[SqliteFormat.FractionsOffset..].StartsWith(SqliteFormat.Fractions))
        {
            throw DiskFormatException.Unsupported(SqliteFormat.HeaderStructure, SqliteFormat.ReadVersionOffset, $"the read version is {bytes[SqliteFormat.ReadVersionOffset]}, or the payload fractions are not 64, 32 and 32");
        }

        uint encoding = BinaryPrimitives.ReadUInt32BigEndian(bytes[SqliteFormat.EncodingOffset..]);
        if (encoding != SqliteFormat.EncodingUtf8)
        {
            throw DiskFormatException.Unsupported(SqliteFormat.HeaderStructure, SqliteFormat.EncodingOffset, $"the text encoding is {encoding}, only UTF-8 (1) is read");
        }

        bool hasCount = BinaryPrimitives.ReadUInt32BigEndian(bytes[SqliteFormat.ChangeCounterOffset..]) == BinaryPrimitives.ReadUInt32BigEndian(bytes[SqliteFormat.VersionValidForOffset..]);
        return new SqliteHeader(pageSize, usable, hasCount ? BinaryPrimitives.ReadUInt32BigEndian(bytes[SqliteFormat.PageCountOffset..]) : 0);
    }
}
