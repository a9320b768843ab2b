using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>The update sequence array, which shows that all sectors of a record were written together.</summary>
internal static class NtfsFixup
{
    private const int ArrayOffsetOffset = 4;
    private const int ArrayCountOffset = 6;

    /// <summary>Puts the last two bytes of every 512 back where they belong.</summary>
    /// <param name="record">The record or index block, whose length is a multiple of 512; changed in place.</param>
    /// <param name="structure">The structure in messages.</param>
    /// <param name="position">Offset of the record in bytes within the volume.</param>
    /// <exception cref="DiskFormatException">The array is damaged, or a sector is from another write.</exception>
    public static void Apply(Span<byte> record, string structure, long position)
    {
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(record[ArrayOffsetOffset..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(record[ArrayCountOffset..]);
        int sectors = record.Length / NtfsFormat.FixupStride;
        if (count != sectors + 1 || offset % 2 != 0 || offset < 8 || offset > NtfsFormat.FixupStride - 2 - (2 * count))
        {
            // The array lies before the first place it stands for, even that of a block of 64 KiB.
            throw DiskFormatException.Corrupt(structure, position + ArrayOffsetOffset, $"the update sequence array has {count} entries at {offset}, expected {sectors + 1} in the first sector");
        }

        ushort number = BinaryPrimitives.ReadUInt16LittleEndian(record[offset..]);
        for (int sector = 0; sector < sectors; sector++)
        {
            Span<byte> place = record.Slice(((sector + 1) * NtfsFormat.FixupStride) - 2, 2);
            if (BinaryPrimitives.ReadUInt16LittleEndian(place) != number)
            {
                throw DiskFormatException.Corrupt(structure, position + (sector * NtfsFormat.FixupStride), $"sector {sector} was not written with the others (update sequence number)");
            }

            record.Slice(offset + 2 + (2 * sector), 2).CopyTo(place);
        }
    }
}
