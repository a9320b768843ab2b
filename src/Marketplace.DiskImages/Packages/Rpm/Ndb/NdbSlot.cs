using System.Buffers.Binary;

namespace Marketplace.DiskImages.Packages.Rpm.Ndb;

/// <summary>A slot: where the header of a package stands.</summary>
/// <param name="Package">Number of the package.</param>
/// <param name="Block">First block; 0 when the slot is free.</param>
/// <param name="Count">Number of blocks.</param>
internal readonly record struct NdbSlot(uint Package, uint Block, uint Count)
{
    /// <param name="bytes">The 16 bytes of the slot.</param>
    /// <param name="offset">Where it stands.</param>
    /// <param name="firstBlock">The first block behind the slots.</param>
    /// <param name="endBlock">Number of blocks of the file.</param>
    /// <exception cref="DiskFormatException">The slot is damaged.</exception>
    public static NdbSlot Parse(ReadOnlySpan<byte> bytes, long offset, long firstBlock, long endBlock)
    {
        if (!bytes.StartsWith(NdbFormat.SlotSignature))
        {
            throw DiskFormatException.Corrupt(NdbFormat.SlotStructure, offset, "the signature 'Slot' is missing");
        }

        NdbSlot slot = new(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[NdbFormat.SlotPackageOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[NdbFormat.SlotBlockOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[NdbFormat.SlotCountOffset..]));
        return slot.Block == 0 || (slot.Package != 0 && slot.Count != 0 && slot.Block >= firstBlock && slot.Block + (long)slot.Count <= endBlock)
            ? slot
            : throw DiskFormatException.Corrupt(NdbFormat.SlotStructure, offset, $"package {slot.Package} in {slot.Count} blocks at {slot.Block}, of the blocks {firstBlock} to {endBlock}");
    }
}
