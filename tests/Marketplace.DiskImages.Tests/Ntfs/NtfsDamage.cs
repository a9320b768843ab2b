using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Ntfs;

namespace Marketplace.DiskImages.Tests.Ntfs;

/// <summary>Finds structures in an image and uses images in which they were changed.</summary>
internal static class NtfsDamage
{
    public static DiskFormatException ExpectOpen(DiskFormatErrorKind kind, string structure, string detail, MemoryContent image) =>
        Expect(kind, structure, detail, () => NtfsFileSystem.Open(image));

    public static DiskFormatException ExpectUse(DiskFormatErrorKind kind, string structure, string detail, MemoryContent image, string path) =>
        Expect(kind, structure, detail, () => Use(image, path));

    public static DiskFormatException Expect(DiskFormatErrorKind kind, string structure, string detail, Action action)
    {
        DiskFormatException exception = Assert.ThrowsExactly<DiskFormatException>(action);
        Assert.AreEqual($"{kind} {structure}", $"{exception.Kind} {exception.Structure}", exception.Message);
        Assert.Contains(detail, exception.Detail);
        return exception;
    }

    /// <summary>The record of a file.</summary>
    public static NtfsRecord Record(MemoryContent image, string path) => NtfsVolume.Open(image).ReadRecord(NtfsFileSystem.Open(image).At(path).Id);

    /// <summary>An attribute in the base record of a file.</summary>
    public static NtfsAttribute Attribute(MemoryContent image, string path, uint type, string name = "") => Attribute(Record(image, path), type, name);

    public static NtfsAttribute Attribute(NtfsRecord record, uint type, string name = "") =>
        record.Attributes.First(attribute => attribute.Type == type && attribute.Name == name);

    /// <summary>Where a block of the index of a directory is on the volume.</summary>
    public static long IndexBlock(MemoryContent image, string path, long offset)
    {
        NtfsVolume volume = NtfsVolume.Open(image);
        return new NtfsFile(volume, volume.ReadRecord(NtfsFileSystem.Open(image).At(path).Id)).OpenStream(NtfsFormat.IndexAllocation, NtfsFormat.DirectoryIndex)!.PositionOf(offset);
    }

    /// <summary>Where the root of the index of a small directory has a name on the volume.</summary>
    public static long NameInIndexRoot(MemoryContent image, string path, string name)
    {
        NtfsAttribute root = Attribute(image, path, NtfsFormat.IndexRoot, NtfsFormat.DirectoryIndex);
        byte[] record = image.ReadBytes(root.Position, 1024);
        return root.Position + record.AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes(name));
    }

    /// <summary>Lists a directory, or reads a file or a link to the end.</summary>
    public static void Use(MemoryContent image, string path)
    {
        FileNode node = NtfsFileSystem.Open(image).At(path);
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
