using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Marketplace.DiskImages.Formats.Vhd;

/// <summary>Where the path of a parent is written.</summary>
/// <param name="Code">Platform code, for example <c>W2ru</c>.</param>
/// <param name="Length">Length of the path in bytes.</param>
/// <param name="Offset">Offset of the path in the file.</param>
internal readonly record struct VhdParentLocator(string Code, uint Length, ulong Offset);

/// <summary>The header of a dynamic or differencing disk: 1024 bytes, big-endian.</summary>
internal sealed record VhdDynamicHeader
{
    /// <summary>Offset of the block allocation table in bytes.</summary>
    public required ulong TableOffset { get; init; }

    /// <summary>Number of its entries.</summary>
    public required uint MaxTableEntries { get; init; }

    /// <summary>Bytes of data of a block, without its bitmap; a power of two.</summary>
    public required uint BlockSize { get; init; }

    /// <summary>The identifier of the parent of a differencing disk.</summary>
    public required Guid ParentUniqueId { get; init; }

    /// <summary>When the parent was changed last, when this disk was made.</summary>
    public required DateTimeOffset ParentTimeStamp { get; init; }

    /// <summary>The file name of the parent.</summary>
    public required string ParentUnicodeName { get; init; }

    /// <summary>Where paths of the parent are written; entries that are not used are left out.</summary>
    public required IReadOnlyList<VhdParentLocator> ParentLocators { get; init; }

    /// <summary>Reads a header and checks it by itself.</summary>
    /// <param name="bytes">At least 1024 bytes.</param>
    /// <exception cref="DiskFormatException">The header is damaged, or of another version.</exception>
    public static VhdDynamicHeader Parse(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..VhdFormat.DynamicHeaderSize];
        if (!bytes.StartsWith(VhdFormat.DynamicHeaderCookie))
        {
            throw Corrupt(0, "the cookie 'cxsparse' is missing");
        }

        uint checksum = U32(bytes, VhdFormat.HeaderChecksumOffset);
        uint expected = VhdChecksum.Compute(bytes, VhdFormat.HeaderChecksumOffset);
        if (checksum != expected)
        {
            throw Corrupt(VhdFormat.HeaderChecksumOffset, $"the checksum is 0x{checksum:x8}, the bytes add up to 0x{expected:x8}");
        }

        uint version = U32(bytes, VhdFormat.HeaderVersionOffset);
        if (version != VhdFormat.DynamicHeaderVersion)
        {
            throw DiskFormatException.Unsupported(VhdFormat.DynamicHeaderStructure, VhdFormat.HeaderVersionOffset, $"version 0x{version:x8}");
        }

        uint blockSize = U32(bytes, VhdFormat.BlockSizeOffset);
        if (!BitOperations.IsPow2(blockSize) || blockSize < VhdFormat.SectorSize)
        {
            throw Corrupt(VhdFormat.BlockSizeOffset, $"the block size is {blockSize}, not a power of two of at least {VhdFormat.SectorSize}");
        }

        uint entries = U32(bytes, VhdFormat.MaxTableEntriesOffset);
        if (blockSize > VhdFormat.MaxBlockSize)
        {
            throw DiskFormatException.Unsupported(VhdFormat.DynamicHeaderStructure, VhdFormat.BlockSizeOffset, $"blocks of {blockSize} bytes, at most {VhdFormat.MaxBlockSize} are read");
        }

        return new VhdDynamicHeader
        {
            TableOffset = BinaryPrimitives.ReadUInt64BigEndian(bytes[VhdFormat.TableOffsetOffset..]),
            MaxTableEntries = entries,
            BlockSize = blockSize,
            ParentUniqueId = new Guid(bytes.Slice(VhdFormat.ParentUniqueIdOffset, 16), bigEndian: true),
            ParentTimeStamp = VhdFormat.Epoch.AddSeconds(U32(bytes, VhdFormat.ParentTimeStampOffset)),
            ParentUnicodeName = Encoding.BigEndianUnicode.GetString(bytes.Slice(VhdFormat.ParentUnicodeNameOffset, VhdFormat.ParentUnicodeNameSize)).Split('\0')[0],
            ParentLocators = ReadLocators(bytes[VhdFormat.ParentLocatorsOffset..]),
        };
    }

    private static VhdParentLocator[] ReadLocators(ReadOnlySpan<byte> bytes)
    {
        List<VhdParentLocator> locators = [];
        for (int i = 0; i < VhdFormat.ParentLocatorCount; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(i * VhdFormat.ParentLocatorSize, VhdFormat.ParentLocatorSize);
            if (U32(entry, 0) != 0)
            {
                // The field at 4, the space set aside, is counted in sectors by some writers and in bytes by others.
                locators.Add(new VhdParentLocator(Encoding.Latin1.GetString(entry[..4]), U32(entry, 8), BinaryPrimitives.ReadUInt64BigEndian(entry[16..])));
            }
        }

        return [.. locators];
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);

    private static DiskFormatException Corrupt(int offset, string detail) => DiskFormatException.Corrupt(VhdFormat.DynamicHeaderStructure, offset, detail);
}
