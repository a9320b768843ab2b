using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Packages.Rpm.Sqlite;

/// <summary>
/// The pages of a database as its last commit left them. Each belongs to one table or to one value, so each is read once:
/// trees and chains cannot run in circles.
/// </summary>
internal sealed class SqlitePager
{
    private readonly DiskContent _content;
    private readonly SqliteWal? _wal;
    private readonly HashSet<uint> _seen = [];

    private SqlitePager(DiskContent content, SqliteWal? wal, SqliteHeader header)
    {
        _content = content;
        _wal = wal;
        Header = header;
        PageCount = wal?.PageCount ?? (header.PageCount != 0 ? header.PageCount : (uint)Math.Min(content.Length / header.PageSize, uint.MaxValue));
    }

    /// <summary>The header of the database.</summary>
    public SqliteHeader Header { get; }

    /// <summary>Number of pages.</summary>
    public uint PageCount { get; }

    /// <summary>Opens a database.</summary>
    /// <param name="content">The database file.</param>
    /// <param name="wal">Its write-ahead log; null when there is none.</param>
    /// <param name="journal">Its rollback journal; null when there is none.</param>
    /// <exception cref="DiskFormatException">The database is damaged, or in the middle of a change that its journal would undo (Unsupported).</exception>
    public static SqlitePager Open(DiskContent content, DiskContent? wal, DiskContent? journal)
    {
        if (journal is not null && journal.Length >= SqliteFormat.JournalSignature.Length)
        {
            byte[] start = new byte[SqliteFormat.JournalSignature.Length];
            journal.Read(0, start);
            if (start.AsSpan().SequenceEqual(SqliteFormat.JournalSignature))
            {
                throw DiskFormatException.Unsupported(SqliteFormat.JournalStructure, 0, "the database was left in the middle of a change");
            }
        }

        SqliteWal? log = wal is null ? null : SqliteWal.Open(wal);
        byte[] header = new byte[SqliteFormat.HeaderSize];
        if (log?.TryRead(1, header) != true)
        {
            if (content.Length < header.Length)
            {
                throw DiskFormatException.Truncated(SqliteFormat.HeaderStructure, 0, $"the file has {content.Length} bytes");
            }

            content.Read(0, header);
        }

        SqliteHeader parsed = SqliteHeader.Parse(header);
        return log is null || log.PageSize == parsed.PageSize
            ? new SqlitePager(content, log, parsed)
            : throw DiskFormatException.Corrupt(SqliteFormat.WalStructure, SqliteFormat.WalPageSizeOffset, $"the pages of the log have {log.PageSize} bytes, those of the database {parsed.PageSize}");
    }

    /// <summary>Reads a page.</summary>
    /// <param name="page">Its number, from 1.</param>
    /// <exception cref="DiskFormatException">There is no such page, or it was read before.</exception>
    public byte[] Read(uint page)
    {
        if (page == 0 || page > PageCount)
        {
            throw DiskFormatException.Corrupt(SqliteFormat.PageStructure, OffsetOf(page), $"the pages are numbered 1 to {PageCount}");
        }

        if (!_seen.Add(page))
        {
            throw DiskFormatException.Corrupt(SqliteFormat.PageStructure, OffsetOf(page), "the page is used twice");
        }

        byte[] bytes = new byte[Header.PageSize];
        if (_wal?.TryRead(page, bytes) != true)
        {
            _content.Read(OffsetOf(page), bytes);
        }

        return bytes;
    }

    /// <summary>Where a page stands in the file.</summary>
    public long OffsetOf(uint page) => (page - 1L) * Header.PageSize;
}
