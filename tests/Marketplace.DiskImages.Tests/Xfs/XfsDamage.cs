using System.Buffers.Binary;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Xfs;

namespace Marketplace.DiskImages.Tests.Xfs;

/// <summary>Assertions of the tests that change a few bytes of an image and expect one exact error.</summary>
internal static class XfsDamage
{
    public static DiskFormatException Expect(DiskFormatErrorKind kind, string structure, string detail, Action action)
    {
        DiskFormatException exception = Assert.ThrowsExactly<DiskFormatException>(action);
        Assert.AreEqual($"{kind} {structure}", $"{exception.Kind} {exception.Structure}", exception.Message);
        Assert.Contains(detail, exception.Detail);
        return exception;
    }

    public static DiskFormatException ExpectOpen(DiskFormatErrorKind kind, string structure, string detail, MemoryContent image) =>
        Expect(kind, structure, detail, () => XfsFileSystem.Open(image));

    /// <summary>Expects an error when a file of a changed image is used.</summary>
    public static DiskFormatException ExpectUse(DiskFormatErrorKind kind, string structure, string detail, MemoryContent image, string path) =>
        Expect(kind, structure, detail, () => Use(image, path));

    /// <summary>The image with one bit of a byte turned over.</summary>
    public static MemoryContent Flipped(this MemoryContent image, long offset) => image.Patched(offset, (byte)(image.ReadBytes(offset, 1)[0] ^ 1));

    /// <summary>The image with other bytes at a place within a structure, and the checksum of the structure made right.</summary>
    /// <param name="image">The image.</param>
    /// <param name="start">Offset of the structure.</param>
    /// <param name="length">Length of the structure.</param>
    /// <param name="field">Offset of its checksum within it.</param>
    /// <param name="offset">Offset of the change within it.</param>
    /// <param name="bytes">The change.</param>
    public static MemoryContent Sealed(this MemoryContent image, long start, int length, int field, int offset, params ReadOnlySpan<byte> bytes)
    {
        byte[] raw = image.ReadBytes(start, length);
        bytes.CopyTo(raw.AsSpan(offset));
        XfsChecksum.Write(raw, field);
        return image.Patched(start, raw);
    }

    /// <summary>The image with other bytes in the superblock.</summary>
    public static MemoryContent WithSuperblock(this MemoryContent image, int offset, params ReadOnlySpan<byte> bytes) =>
        image.Sealed(0, BinaryPrimitives.ReadUInt16BigEndian(image.ReadBytes(0x66, 2)), XfsSuperblock.ChecksumOffset, offset, bytes);

    /// <summary>The image with other bytes in the inode of a file.</summary>
    public static MemoryContent WithInode(this MemoryContent image, string path, int offset, params ReadOnlySpan<byte> bytes) =>
        image.Sealed(XfsFixture.InodeAt(image, path).Offset, XfsVolume.Open(image).Superblock.InodeSize, XfsInode.ChecksumOffset, offset, bytes);

    /// <summary>Offset in bytes of a block of a file.</summary>
    public static long PositionOf(MemoryContent image, string path, long logical)
    {
        XfsVolume volume = XfsVolume.Open(image);
        return volume.Superblock.PositionOf(new XfsExtentMap(volume, XfsFixture.InodeAt(image, path)).Find(logical).Block);
    }

    /// <summary>Lists a directory or reads a file or a link to the end.</summary>
    public static void Use(MemoryContent image, string path)
    {
        FileNode node = XfsFileSystem.Open(image).At(path);
        switch (node.Kind)
        {
            case FileKind.Directory:
                _ = node.EnumerateDirectory().Count();
                break;
            case FileKind.SymbolicLink:
                _ = node.ReadLink();
                break;
            default:
                byte[] buffer = new byte[1 << 20];
                for (long offset = 0; node.Read(offset, buffer) is var read and > 0; offset += read)
                {
                }

                break;
        }
    }
}
