using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Formats.Qcow;

/// <summary>The header of a QCOW2 file.</summary>
internal sealed record QcowHeader
{
    /// <summary>cluster_bits.</summary>
    public required int ClusterBits { get; init; }

    /// <summary>size: virtual size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>l1_size, in entries.</summary>
    public required uint L1Size { get; init; }

    /// <summary>l1_table_offset.</summary>
    public required ulong L1Offset { get; init; }

    /// <summary>Whether L2 entries have 16 bytes and a bitmap of 32 subclusters.</summary>
    public required bool HasExtendedL2 { get; init; }

    /// <summary>Whether compressed clusters are zstd frames and not raw deflate.</summary>
    public required bool IsZstd { get; init; }

    /// <summary>version: 2 or 3.</summary>
    public required uint Version { get; init; }

    /// <summary>Whether the file was not closed properly; its reference counts may be wrong, which reading does not need.</summary>
    public required bool IsDirty { get; init; }

    /// <summary>Name of the backing file as it is written; null when there is none.</summary>
    public required string? BackingName { get; init; }

    /// <summary>Format of the backing file as it is written; null when nothing says it.</summary>
    public required string? BackingFormat { get; init; }

    /// <summary>Bytes of a cluster.</summary>
    public int ClusterSize => 1 << ClusterBits;

    /// <summary>Reads the header with its extensions and the name of the backing file.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <exception cref="DiskFormatException">It is damaged, or uses what is not read.</exception>
    public static QcowHeader Read(DiskContent file)
    {
        if (file.Length < QcowFormat.HeaderSizeV2)
        {
            throw DiskFormatException.Truncated(QcowFormat.HeaderStructure, 0, $"the file has {file.Length} bytes");
        }

        // Header, extensions and name all lie in the first cluster; with the largest one this is enough for every name.
        byte[] bytes = new byte[Math.Min(file.Length, 64 << 10)];
        file.Read(0, bytes);
        return Parse(bytes);
    }

    /// <summary>Reads a header from the first bytes of a file.</summary>
    /// <param name="bytes">At least 72 bytes.</param>
    public static QcowHeader Parse(ReadOnlySpan<byte> bytes)
    {
        uint version = U32(bytes, 4);
        if (U32(bytes, 0) != QcowFormat.Magic)
        {
            throw Corrupt(0, "the signature 'QFI\\xfb' is missing");
        }

        if (version is not (2 or 3))
        {
            throw Unsupported(4, $"version {version}");
        }

        uint clusterBits = U32(bytes, 20);
        if (clusterBits is < QcowFormat.MinClusterBits or > QcowFormat.MaxClusterBits)
        {
            throw Corrupt(20, $"clusters of 2^{clusterBits} bytes");
        }

        if (U32(bytes, 32) is var encryption and not 0)
        {
            throw Unsupported(32, $"it is encrypted (method {encryption}{(encryption == 2 ? ", LUKS" : "")})");
        }

        ulong size = U64(bytes, 24);
        if (size > long.MaxValue / 2)
        {
            throw Corrupt(24, $"a disk of {size} bytes");
        }

        ulong features = version >= 3 && bytes.Length >= QcowFormat.HeaderSizeV3 ? ReadFeatures(bytes) : 0;
        bool isZstd = (features & QcowFormat.CompressionType) != 0 && ReadCompressionType(bytes) == 1;
        (string? backing, string? format) = ReadBacking(bytes, version);
        return new QcowHeader
        {
            ClusterBits = (int)clusterBits,
            Size = (long)size,
            L1Size = U32(bytes, 36),
            L1Offset = U64(bytes, 40),
            HasExtendedL2 = (features & QcowFormat.ExtendedL2) != 0,
            IsZstd = isZstd,
            Version = version,
            IsDirty = (features & QcowFormat.Dirty) != 0,
            BackingName = backing,
            BackingFormat = format,
        };
    }

    private static ulong ReadFeatures(ReadOnlySpan<byte> bytes)
    {
        ulong features = U64(bytes, 72);
        if ((features & QcowFormat.CorruptFeature) != 0)
        {
            throw Corrupt(72, "the file is marked as corrupt");
        }

        if ((features & QcowFormat.ExternalData) != 0)
        {
            throw Unsupported(72, "its data is in another file");
        }

        const ulong Known = QcowFormat.Dirty | QcowFormat.CompressionType | QcowFormat.ExtendedL2;
        return (features & ~Known) == 0 ? features : throw Unsupported(72, $"the unknown incompatible features 0x{features & ~Known:x}");
    }

    private static int ReadCompressionType(ReadOnlySpan<byte> bytes)
    {
        int type = U32(bytes, 100) > QcowFormat.CompressionTypeOffset && bytes.Length > QcowFormat.CompressionTypeOffset ? bytes[QcowFormat.CompressionTypeOffset] : 0;
        return type is 0 or 1 ? type : throw Unsupported(QcowFormat.CompressionTypeOffset, $"the compression type {type}");
    }

    private static (string? Name, string? Format) ReadBacking(ReadOnlySpan<byte> bytes, uint version)
    {
        ulong offset = U64(bytes, 8);
        uint length = U32(bytes, 16);
        if (offset == 0)
        {
            return (null, null);
        }

        if (length is 0 or > QcowFormat.MaxBackingNameLength || offset > (ulong)bytes.Length || length > bytes.Length - (long)offset)
        {
            throw Corrupt(8, $"the name of the backing file has {length} bytes at byte {offset}");
        }

        string? format = null;
        long at = version == 2 ? QcowFormat.HeaderSizeV2 : U32(bytes, 100);
        for (int i = 0; i < QcowFormat.MaxHeaderExtensions && at >= QcowFormat.HeaderSizeV2 && at + 8 <= (long)offset; i++)
        {
            uint type = U32(bytes, (int)at);
            uint count = U32(bytes, (int)at + 4);
            if (type == QcowFormat.EndOfExtensions)
            {
                break;
            }

            if (count > bytes.Length - at - 8)
            {
                throw DiskFormatException.Corrupt(QcowFormat.ExtensionStructure, at, $"{count} bytes");
            }

            format = type == QcowFormat.BackingFormatExtension ? FileName.Decode(bytes.Slice((int)at + 8, (int)count)) : format;
            at += 8 + ((count + 7L) / 8 * 8);
        }

        return (FileName.Decode(bytes.Slice((int)offset, (int)length)), format);
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64BigEndian(bytes[offset..]);

    private static DiskFormatException Corrupt(long offset, string detail) => DiskFormatException.Corrupt(QcowFormat.HeaderStructure, offset, detail);

    private static DiskFormatException Unsupported(long offset, string detail) => DiskFormatException.Unsupported(QcowFormat.HeaderStructure, offset, detail);
}
