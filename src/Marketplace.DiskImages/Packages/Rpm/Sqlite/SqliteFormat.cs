namespace Marketplace.DiskImages.Packages.Rpm.Sqlite;

/// <summary>Constants of SQLite databases and their write-ahead logs ("Database File Format" and "WAL-mode File Format" of the SQLite documentation). Numbers are big-endian.</summary>
internal static class SqliteFormat
{
    public const string HeaderStructure = "SQLite header";
    public const string PageStructure = "SQLite page";
    public const string RecordStructure = "SQLite record";
    public const string SchemaStructure = "SQLite schema";
    public const string WalStructure = "SQLite write-ahead log";
    public const string JournalStructure = "SQLite rollback journal";

    public const int HeaderSize = 100;
    public const int PageSizeOffset = 16;
    public const int ReadVersionOffset = 19;
    public const int ReservedBytesOffset = 20;
    public const int FractionsOffset = 21;
    public const int ChangeCounterOffset = 24;
    public const int PageCountOffset = 28;
    public const int EncodingOffset = 56;
    public const int VersionValidForOffset = 92;

    public const byte MaxReadVersion = 2;
    public const uint EncodingUtf8 = 1;
    public const int MinPageSize = 512;
    public const int MaxPageSize = 65536;

    /// <summary>The least bytes of a page that are usable.</summary>
    public const int MinUsableSize = 480;

    public const byte InteriorTable = 0x05;
    public const byte LeafTable = 0x0D;
    public const int CellCountOffset = 3;
    public const int RightChildOffset = 8;
    public const int InteriorHeaderSize = 12;
    public const int LeafHeaderSize = 8;

    /// <summary>Deeper than any table can be, with at least two children a page.</summary>
    public const int MaxDepth = 32;

    /// <summary>The longest variable-length number.</summary>
    public const int MaxVarint = 9;

    public const int WalHeaderSize = 32;
    public const int WalFrameHeaderSize = 24;
    public const int WalVersionOffset = 4;
    public const int WalPageSizeOffset = 8;
    public const int WalSaltOffset = 16;
    public const int WalChecksumOffset = 24;
    public const int FrameSizeOffset = 4;
    public const int FrameSaltOffset = 8;
    public const int FrameChecksumOffset = 16;
    public const int SaltSize = 8;

    /// <summary>The lowest bit tells the byte order of the checksums.</summary>
    public const uint WalMagic = 0x377F0682;

    public const uint WalVersion = 3007000;

    /// <summary>The largest log that is read: the place of each of its pages is held in memory.</summary>
    public const long MaxWalSize = 256L << 20;

    public static ReadOnlySpan<byte> Signature => "SQLite format 3\0"u8;

    /// <summary>The three payload fractions, which are constants.</summary>
    public static ReadOnlySpan<byte> Fractions => [64, 32, 32];

    /// <summary>Begins a rollback journal that has not been rolled back or committed.</summary>
    public static ReadOnlySpan<byte> JournalSignature => [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7];

    /// <summary>Whether a file that begins so is one.</summary>
    public static bool IsDatabase(ReadOnlySpan<byte> start) => start.StartsWith(Signature);
}
