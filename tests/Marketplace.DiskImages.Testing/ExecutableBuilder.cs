using System.Buffers.Binary;
using System.Text;

namespace Marketplace.DiskImages.Testing;

/// <summary>The smallest file that is a portable executable with a version: one section, which holds the resources.</summary>
internal static class ExecutableBuilder
{
    public const int HeaderPosition = 0x80;
    public const int OptionalHeader = HeaderPosition + 24;
    public const int SectionHeader = OptionalHeader + 240;
    public const int Resources = 0x200;
    public const int Leaf = Resources + 96;
    public const int VersionInfo = Resources + 112;
    public const int FixedInfo = VersionInfo + 40;
    private const uint Address = 0x1000;

    public static byte[] Create(Version version, ushort machine = 0x8664)
    {
        byte[] file = new byte[0x400];
        Span<byte> bytes = file;
        "MZ"u8.CopyTo(bytes);
        U32(bytes, 0x3C, HeaderPosition);
        "PE\0\0"u8.CopyTo(bytes[HeaderPosition..]);
        U16(bytes, HeaderPosition + 4, machine);
        U16(bytes, HeaderPosition + 6, 1);
        U16(bytes, HeaderPosition + 20, 240);
        U16(bytes, OptionalHeader, 0x20B);
        U32(bytes, OptionalHeader + 108, 16);
        U32(bytes, OptionalHeader + 112 + 16, Address);
        U32(bytes, OptionalHeader + 112 + 20, 0x200);
        ".rsrc"u8.CopyTo(bytes[SectionHeader..]);
        U32(bytes, SectionHeader + 8, 0x200);
        U32(bytes, SectionHeader + 12, Address);
        U32(bytes, SectionHeader + 16, 0x200);
        U32(bytes, SectionHeader + 20, Resources);

        // A directory of types with an icon group and a version, one of names, one of languages, then the leaf.
        U16(bytes, Resources + 14, 2);
        U32(bytes, Resources + 16, 14);
        U32(bytes, Resources + 20, 0x80000000 | 32);
        U32(bytes, Resources + 24, 16);
        U32(bytes, Resources + 28, 0x80000000 | 32);
        U16(bytes, Resources + 32 + 14, 1);
        U32(bytes, Resources + 48, 1);
        U32(bytes, Resources + 52, 0x80000000 | 64);
        U16(bytes, Resources + 64 + 14, 1);
        U32(bytes, Resources + 80, 1033);
        U32(bytes, Resources + 84, Leaf - Resources);
        U32(bytes, Leaf, Address + (VersionInfo - Resources));
        U32(bytes, Leaf + 4, 92);

        U16(bytes, VersionInfo, 92);
        U16(bytes, VersionInfo + 2, 52);
        Encoding.Unicode.GetBytes("VS_VERSION_INFO").CopyTo(bytes[(VersionInfo + 6)..]);
        U32(bytes, FixedInfo, 0xFEEF04BD);
        U32(bytes, FixedInfo + 4, 0x10000);
        U32(bytes, FixedInfo + 8, (uint)((version.Major << 16) | version.Minor));
        U32(bytes, FixedInfo + 12, (uint)((version.Build << 16) | version.Revision));
        return file;
    }

    private static void U16(Span<byte> bytes, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);

    private static void U32(Span<byte> bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);
}
