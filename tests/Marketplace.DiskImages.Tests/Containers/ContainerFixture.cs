using System.Buffers.Binary;
using Marketplace.DiskImages.Formats.Vhd;
using Marketplace.DiskImages.Formats.Vhdx;

namespace Marketplace.DiskImages.Tests.Containers;

/// <summary>The fixtures below <c>Containers</c>, and changes to them that leave their checksums right.</summary>
internal static class ContainerFixture
{
    private static readonly string[] Folders = ["vhd/chain", "vhdx/chain", "qcow/chain", "vhdx/logs", "vhd", "vhdx", "qcow", "vmdk"];

    /// <summary>The folder an image of that name is opened in.</summary>
    public static FixtureFolder Folder(string name) => new("Containers/" + FolderOf(name));

    /// <summary>The name of the image in its folder.</summary>
    public static string NameInFolder(string name) => name[(FolderOf(name).Length + 1)..];

    public static MemoryContent Load(string name) => Fixture.Load("Containers/" + name);

    /// <summary>Opens a changed image in its folder; it must be refused.</summary>
    public static DiskFormatException Problem(string name, MemoryContent content)
    {
        using DiskImage image = Folder(name).Open(NameInFolder(name), content);
        Assert.IsNull(image.Disk);
        return image.Problem!;
    }

    /// <summary>Asserts that a changed image is refused for one reason.</summary>
    public static void Refused(string name, MemoryContent content, DiskFormatErrorKind kind, string structure)
    {
        DiskFormatException problem = Problem(name, content);
        Assert.AreEqual((kind, structure), (problem.Kind, problem.Structure), problem.Message);
    }

    /// <summary>Makes the checksum of a VHD dynamic disk header right.</summary>
    public static MemoryContent WithHeaderChecksum(this MemoryContent vhd)
    {
        byte[] header = vhd.ReadBytes(512, VhdFormat.DynamicHeaderSize);
        return vhd.Patched(512 + VhdFormat.HeaderChecksumOffset, BigEndian(VhdChecksum.Compute(header, VhdFormat.HeaderChecksumOffset)));
    }

    /// <summary>Makes the checksum of a VHD footer right.</summary>
    public static MemoryContent WithFooterChecksum(this MemoryContent vhd, long offset)
    {
        byte[] footer = vhd.ReadBytes(offset, VhdFormat.FooterSize);
        return vhd.Patched(offset + VhdFormat.ChecksumOffset, BigEndian(VhdChecksum.Compute(footer, VhdFormat.ChecksumOffset)));
    }

    /// <summary>Makes the checksum of a VHDX structure right.</summary>
    public static MemoryContent WithVhdxChecksum(this MemoryContent vhdx, long offset, int size)
    {
        byte[] sum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(sum, VhdxChecksum.Compute(vhdx.ReadBytes(offset, size)));
        return vhdx.Patched(offset + VhdxChecksum.Offset, sum);
    }

    public static byte[] BigEndian(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] LittleEndian(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static string FolderOf(string name) => Folders.First(folder => name.StartsWith(folder + "/", StringComparison.Ordinal));
}
