using System.Buffers.Binary;

namespace Marketplace.Publishing.Tests;

/// <summary>Footers of fixed VHDs (Virtual Hard Disk Image Format Specification 1.0).</summary>
public static class VhdFooterBytes
{
    public static byte[] Fixed(long virtualSize)
    {
        byte[] footer = new byte[512];
        "conectix"u8.CopyTo(footer);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(12), 0x00010000);
        BinaryPrimitives.WriteUInt64BigEndian(footer.AsSpan(16), ulong.MaxValue);
        "test"u8.CopyTo(footer.AsSpan(28));
        "Wi2k"u8.CopyTo(footer.AsSpan(36));
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(40), virtualSize);
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(48), virtualSize);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(60), 2);
        Guid.NewGuid().ToByteArray().CopyTo(footer.AsSpan(68));
        uint sum = 0;
        foreach (byte value in footer)
        {
            sum += value;
        }

        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(64), ~sum);
        return footer;
    }
}
