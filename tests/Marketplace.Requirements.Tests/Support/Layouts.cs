using System.Buffers.Binary;

namespace Marketplace.Requirements.Tests.Support;

/// <summary>Partition tables made by hand.</summary>
internal static class Layouts
{
    public static void AddMbrPartition(byte[] sector, int index, byte type, uint firstSector, uint sectors, bool active)
    {
        Span<byte> entry = sector.AsSpan(446 + (16 * index), 16);
        entry[0] = active ? (byte)0x80 : (byte)0;
        entry[4] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], firstSector);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], sectors);
        sector[510] = 0x55;
        sector[511] = 0xAA;
    }
}
