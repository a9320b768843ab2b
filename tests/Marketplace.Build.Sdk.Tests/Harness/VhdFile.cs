using System.Buffers.Binary;

namespace Marketplace.Build.Sdk.Tests.Harness;

/// <summary>Writes sparse fixed VHDs, and files that only look like one. Layout: Virtual Hard Disk Image Format Specification 1.0, "Hard Disk Footer Format".</summary>
internal static class VhdFile
{
    public const long MiB = 1024 * 1024;
    public const long GiB = 1024 * MiB;
    public const int FooterLength = 512;

    /// <summary>Writes a disk of zeros with a footer.</summary>
    public static void Write(string path, long virtualSize)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var stream = File.Create(path);
        stream.SetLength(virtualSize);
        stream.Position = virtualSize;
        stream.Write(Footer(virtualSize));
    }

    /// <summary>A footer; the defaults are those of a fixed disk.</summary>
    public static byte[] Footer(long virtualSize, uint diskType = 2, ulong dataOffset = ulong.MaxValue)
    {
        var footer = new byte[FooterLength];
        "conectix"u8.CopyTo(footer);                                              // Cookie
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(8), 2);               // Features: reserved bit
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(12), 0x00010000);     // File Format Version
        BinaryPrimitives.WriteUInt64BigEndian(footer.AsSpan(16), dataOffset);     // Data Offset
        "test"u8.CopyTo(footer.AsSpan(28));                                       // Creator Application
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(32), 0x00010000);     // Creator Version
        "Wi2k"u8.CopyTo(footer.AsSpan(36));                                       // Creator Host OS
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(40), virtualSize);     // Original Size
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(48), virtualSize);     // Current Size
        BinaryPrimitives.WriteUInt16BigEndian(footer.AsSpan(56), 65535);          // Disk Geometry: cylinders
        footer[58] = 16;                                                          // heads
        footer[59] = 255;                                                         // sectors per track
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(60), diskType);       // Disk Type
        footer.AsSpan(68, 16).Fill(7);                                            // Unique Id
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(64), ~(uint)footer.Sum(value => value)); // Checksum
        return footer;
    }

    /// <summary>Puts bytes into a file, keeping its length.</summary>
    public static void Overwrite(string path, long offset, ReadOnlySpan<byte> bytes)
    {
        using var stream = File.OpenWrite(path);
        stream.Position = offset;
        stream.Write(bytes);
    }

    /// <summary>A dynamic disk without a single block. Layout: "Dynamic Disk Header Format" of the same specification.</summary>
    public static byte[] Dynamic(long virtualSize)
    {
        const int headerLength = 1024;
        const uint blockSize = 2 * (uint)MiB;
        var blocks = (int)(virtualSize / blockSize);
        var tableLength = (blocks * 4 + 511) / 512 * 512;
        var footer = Footer(virtualSize, diskType: 3, dataOffset: 512);
        var header = new byte[headerLength];
        "cxsparse"u8.CopyTo(header);                                                              // Cookie
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(8), ulong.MaxValue);                  // Data Offset
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(16), FooterLength + headerLength);     // Table Offset
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), 0x00010000);                     // Header Version
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(28), blocks);                          // Max Table Entries
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(32), blockSize);                      // Block Size
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(36), ~(uint)header.Sum(value => value)); // Checksum
        var table = new byte[tableLength];
        table.AsSpan().Fill(0xFF);
        return [.. footer, .. header, .. table, .. footer];
    }
}
