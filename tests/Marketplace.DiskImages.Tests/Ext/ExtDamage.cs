using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Ext;

namespace Marketplace.DiskImages.Tests.Ext;

/// <summary>Assertions of the tests that change a few bytes of an image and expect one exact error.</summary>
internal static class ExtDamage
{
    public static DiskFormatException Expect(DiskFormatErrorKind kind, string structure, string detail, Action action)
    {
        DiskFormatException exception = Assert.ThrowsExactly<DiskFormatException>(action);
        Assert.AreEqual($"{kind} {structure}", $"{exception.Kind} {exception.Structure}", exception.Message);
        Assert.Contains(detail, exception.Detail);
        return exception;
    }

    public static DiskFormatException ExpectOpen(DiskFormatErrorKind kind, string structure, string detail, MemoryContent image) =>
        Expect(kind, structure, detail, () => ExtFileSystem.Open(image));

    /// <summary>The image with one bit of a byte turned over.</summary>
    public static MemoryContent Flipped(this MemoryContent image, long offset) => image.Patched(offset, (byte)(image.ReadBytes(offset, 1)[0] ^ 1));

    /// <summary>Lists a directory or reads a file or a link to the end.</summary>
    public static void Use(MemoryContent image, string path)
    {
        FileNode node = ExtFileSystem.Open(image).At(path);
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
