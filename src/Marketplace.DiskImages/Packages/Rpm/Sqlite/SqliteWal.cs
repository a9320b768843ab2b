using System.Buffers.Binary;
using System.Numerics;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Packages.Rpm.Sqlite;

/// <summary>
/// The committed pages of a write-ahead log. As SQLite has it, the log counts up to its last commit before the first frame whose salt
/// or checksum is wrong; a log with a wrong header counts for nothing.
/// </summary>
internal sealed class SqliteWal
{
    private readonly DiskContent _content;
    private readonly Dictionary<uint, long> _pages = [];

    private SqliteWal(DiskContent content, int pageSize)
    {
        _content = content;
        PageSize = pageSize;
    }

    /// <summary>Size of a page in bytes.</summary>
    public int PageSize { get; }

    /// <summary>Number of pages of the database after the last commit.</summary>
    public uint PageCount { get; private set; }

    /// <summary>Opens a log; null when nothing in it counts.</summary>
    /// <exception cref="DiskFormatException">The log is of another version or larger than what is read (Unsupported).</exception>
    public static SqliteWal? Open(DiskContent content)
    {
        if (content.Length < SqliteFormat.WalHeaderSize)
        {
            return null;
        }

        if (content.Length > SqliteFormat.MaxWalSize)
        {
            throw DiskFormatException.Unsupported(SqliteFormat.WalStructure, 0, $"the log has {content.Length} bytes, at most {SqliteFormat.MaxWalSize} are read");
        }

        byte[] header = new byte[SqliteFormat.WalHeaderSize];
        content.Read(0, header);
        uint magic = U32(header, 0);
        uint pageSize = U32(header, SqliteFormat.WalPageSizeOffset);
        bool big = (magic & 1) != 0;
        (uint, uint) sum = Checksum((0, 0), header.AsSpan(0, SqliteFormat.WalChecksumOffset), big);
        if ((magic & ~1u) != SqliteFormat.WalMagic || pageSize is < SqliteFormat.MinPageSize or > SqliteFormat.MaxPageSize || !BitOperations.IsPow2(pageSize) || sum != Stored(header, SqliteFormat.WalChecksumOffset))
        {
            return null;
        }

        if (U32(header, SqliteFormat.WalVersionOffset) != SqliteFormat.WalVersion)
        {
            throw DiskFormatException.Unsupported(SqliteFormat.WalStructure, SqliteFormat.WalVersionOffset, $"the version is {U32(header, SqliteFormat.WalVersionOffset)}, not {SqliteFormat.WalVersion}");
        }

        SqliteWal wal = new(content, (int)pageSize);
        wal.ReadFrames(header.AsSpan(SqliteFormat.WalSaltOffset, SqliteFormat.SaltSize), sum, big);
        return wal.PageCount > 0 ? wal : null;
    }

    /// <summary>Reads a page from the log, if it has it.</summary>
    public bool TryRead(uint page, Span<byte> destination)
    {
        if (!_pages.TryGetValue(page, out long offset))
        {
            return false;
        }

        _content.Read(offset, destination);
        return true;
    }

    private void ReadFrames(ReadOnlySpan<byte> salt, (uint, uint) sum, bool big)
    {
        byte[] frame = new byte[SqliteFormat.WalFrameHeaderSize + PageSize];
        Dictionary<uint, long> pending = [];
        for (long offset = SqliteFormat.WalHeaderSize; _content.Length - offset >= frame.Length; offset += frame.Length)
        {
            _content.Read(offset, frame);
            sum = Checksum(sum, frame.AsSpan(0, SqliteFormat.FrameSaltOffset), big);
            sum = Checksum(sum, frame.AsSpan(SqliteFormat.WalFrameHeaderSize), big);
            uint page = U32(frame, 0);
            if (page == 0 || !frame.AsSpan(SqliteFormat.FrameSaltOffset).StartsWith(salt) || sum != Stored(frame, SqliteFormat.FrameChecksumOffset))
            {
                return;
            }

            pending[page] = offset + SqliteFormat.WalFrameHeaderSize;
            if (U32(frame, SqliteFormat.FrameSizeOffset) is var size and not 0)
            {
                PageCount = size;
                foreach ((uint number, long place) in pending)
                {
                    _pages[number] = place;
                }

                pending.Clear();
            }
        }
    }

    /// <summary>Adds a multiple of eight bytes to the two running sums.</summary>
    internal static (uint First, uint Second) Checksum((uint First, uint Second) sum, ReadOnlySpan<byte> bytes, bool big)
    {
        (uint first, uint second) = sum;
        for (; !bytes.IsEmpty; bytes = bytes[8..])
        {
            first += (big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes)) + second;
            second += (big ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])) + first;
        }

        return (first, second);
    }

    private static (uint, uint) Stored(byte[] bytes, int offset) => (U32(bytes, offset), U32(bytes, offset + 4));

    private static uint U32(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(offset));
}
