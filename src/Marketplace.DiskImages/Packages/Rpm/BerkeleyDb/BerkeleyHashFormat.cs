using System.Buffers.Binary;

namespace Marketplace.DiskImages.Packages.Rpm.BerkeleyDb;

/// <summary>Constants of Berkeley DB hash files, versions 8 to 10 (Berkeley DB 4 to 6, src/dbinc/db_page.h). Numbers are in the order of the machine that made them.</summary>
internal static class BerkeleyHashFormat
{
    public const string MetaStructure = "Berkeley DB meta page";
    public const string PageStructure = "Berkeley DB page";
    public const string ValueStructure = "RPM header in Berkeley DB";

    public const int MetaSize = 512;
    public const int MagicOffset = 12;
    public const int VersionOffset = 16;
    public const int PageSizeOffset = 20;
    public const int EncryptionOffset = 24;
    public const int MetaFlagsOffset = 26;
    public const int LastPageOffset = 32;
    public const int PartsOffset = 36;
    public const int MaxBucketOffset = 72;
    public const int SparesOffset = 96;
    public const int SparesCount = 32;

    public const uint Magic = 0x00061561;
    public const uint MinVersion = 8;
    public const uint MaxVersion = 10;
    public const int MinPageSize = 512;
    public const int MaxPageSize = 65536;

    /// <summary>Meta flag: pages have checksums, and so another header.</summary>
    public const byte ChecksumFlag = 0x01;

    public const int PageHeaderSize = 26;
    public const int PageNumberOffset = 8;
    public const int NextPageOffset = 16;
    public const int EntriesOffset = 20;

    /// <summary>On an overflow page the number of bytes it holds.</summary>
    public const int HighFreeOffset = 22;

    public const int PageTypeOffset = 25;

    public const byte PageHashUnsorted = 2;
    public const byte PageOverflow = 7;
    public const byte PageHash = 13;

    /// <summary>Item kinds: the bytes themselves, or the place of overflow pages.</summary>
    public const byte ItemKeyData = 1;

    public const byte ItemOffPage = 3;
    public const int OffPageSize = 12;
    public const int OffPageNumberOffset = 4;
    public const int OffPageLengthOffset = 8;

    /// <summary>Whether a file that begins so is one, of either byte order.</summary>
    public static bool IsDatabase(ReadOnlySpan<byte> start) =>
        start.Length >= MagicOffset + sizeof(uint) &&
        (BinaryPrimitives.ReadUInt32LittleEndian(start[MagicOffset..]) == Magic || BinaryPrimitives.ReadUInt32BigEndian(start[MagicOffset..]) == Magic);
}
