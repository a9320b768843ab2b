using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats.Vhd;

namespace Marketplace.DiskImages.Formats;

/// <summary>Tells the format of a file by its own bytes: the footer at the end first, then the signatures at the start.</summary>
internal static class FormatDetector
{
    /// <summary>Enough for every signature, the one of tar at 257 being the last.</summary>
    private const int HeadSize = 512;

    private const int VdiSignatureOffset = 64;
    private const uint VdiSignature = 0xBEDA107F;
    private const int TarSignatureOffset = 257;

    /// <summary>The format, the footer at the end, and the length of the disk at the start of the file; 0 when the disk is not read.</summary>
    public static (DiskFormat Format, VhdFooter? Footer, long DiskLength) Detect(DiskContent file)
    {
        if (file.Length == 0)
        {
            return (DiskFormat.Empty, null, 0);
        }

        byte[] head = new byte[(int)Math.Min(HeadSize, file.Length)];
        file.Read(0, head);
        if (ReadFooter(file, VhdFormat.FooterSize) is { } footer)
        {
            return FromFooter(footer, file.Length - VhdFormat.FooterSize, VhdFooter.HasCookie(head) && file.Length > VhdFormat.FooterSize);
        }

        if (ReadFooter(file, VhdFormat.OldFooterSize) is { } oldFooter)
        {
            return FromFooter(oldFooter, file.Length - VhdFormat.OldFooterSize, hasCopy: false);
        }

        // A dynamic disk begins with a copy of its footer, so it is known even when its end is missing.
        if (VhdFooter.HasCookie(head) && head.Length == VhdFormat.FooterSize)
        {
            return (FormatOf(VhdFooter.Parse(head)) is var format and not DiskFormat.FixedVhd ? format : DiskFormat.OtherVhd, null, 0);
        }

        DiskFormat known = FromSignature(head);
        return known != DiskFormat.Raw ? (known, null, 0)
            : RawDiskHint.HasDamagedFooter(file) ? (DiskFormat.Raw, null, file.Length - VhdFormat.FooterSize)
            : (DiskFormat.Raw, null, file.Length);
    }

    private static VhdFooter? ReadFooter(DiskContent file, int size)
    {
        if (file.Length < size)
        {
            return null;
        }

        byte[] bytes = new byte[size];
        file.Read(file.Length - size, bytes);
        return VhdFooter.HasCookie(bytes) ? VhdFooter.Parse(bytes) : null;
    }

    private static (DiskFormat Format, VhdFooter Footer, long DiskLength) FromFooter(VhdFooter footer, long diskLength, bool hasCopy)
    {
        DiskFormat format = FormatOf(footer);

        // A footer of an unknown type without the second one that dynamic disks have still ends a disk that can be looked at.
        bool isReadable = format == DiskFormat.FixedVhd || (format == DiskFormat.OtherVhd && !hasCopy);
        return (format, footer, isReadable ? diskLength : 0);
    }

    private static DiskFormat FormatOf(VhdFooter footer) => footer.DiskType switch
    {
        VhdFormat.TypeFixed => DiskFormat.FixedVhd,
        VhdFormat.TypeDynamic => DiskFormat.DynamicVhd,
        VhdFormat.TypeDifferencing => DiskFormat.DifferencingVhd,
        _ => DiskFormat.OtherVhd,
    };

    private static DiskFormat FromSignature(ReadOnlySpan<byte> head) =>
        head.StartsWith("vhdxfile"u8) ? DiskFormat.Vhdx
        : head.StartsWith<byte>([(byte)'Q', (byte)'F', (byte)'I', 0xFB]) ? DiskFormat.Qcow
        : head.StartsWith("KDMV"u8) || head.StartsWith("COWD"u8) || head.StartsWith("# Disk DescriptorFile"u8) ? DiskFormat.Vmdk
        : head.Length >= VdiSignatureOffset + 4 && BinaryPrimitives.ReadUInt32LittleEndian(head[VdiSignatureOffset..]) == VdiSignature ? DiskFormat.Vdi
        : IsCompressed(head) ? DiskFormat.Compressed
        : DiskFormat.Raw;

    private static bool IsCompressed(ReadOnlySpan<byte> head) =>
        head.StartsWith<byte>([0x1F, 0x8B, 0x08]) // gzip
        || head.StartsWith<byte>([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0x00]) // xz
        || head.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD]) // zstd
        || head.StartsWith<byte>([0x04, 0x22, 0x4D, 0x18]) // lz4
        || (head.StartsWith("BZh"u8) && head.Length > 3 && head[3] is >= (byte)'1' and <= (byte)'9')
        || head.StartsWith<byte>([(byte)'P', (byte)'K', 0x03, 0x04]) // zip
        || head.StartsWith<byte>([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C])
        || (head.Length >= TarSignatureOffset + 5 && head[TarSignatureOffset..].StartsWith("ustar"u8));
}
