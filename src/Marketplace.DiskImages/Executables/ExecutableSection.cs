using System.Buffers.Binary;

namespace Marketplace.DiskImages.Executables;

/// <summary>IMAGE_SECTION_HEADER: which bytes of the file stand at which address.</summary>
/// <param name="Address">Relative virtual address of the first byte.</param>
/// <param name="Size">Bytes of it in the file.</param>
/// <param name="Position">Where they stand in the file.</param>
internal readonly record struct ExecutableSection(uint Address, uint Size, uint Position)
{
    /// <param name="bytes">The 40 bytes of the header.</param>
    public static ExecutableSection Parse(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[ExecutableFormat.SectionAddressOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[ExecutableFormat.SectionRawSizeOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[ExecutableFormat.SectionPositionOffset..]));
}
