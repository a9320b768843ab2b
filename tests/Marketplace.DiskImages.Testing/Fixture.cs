using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection;

namespace Marketplace.DiskImages.Testing;

/// <summary>
/// The images and truth files below <c>Fixtures/</c>, made by the scripts in <c>tests/fixtures</c>. Images are packed by
/// <c>pack-sparse.py</c> (its header tells the format) and named <c>Folder/name.sparse.gz</c>.
/// </summary>
internal static class Fixture
{
    private const ulong EndOfRuns = ulong.MaxValue;
    private const int MaxRun = (1 << 20) + MemoryContent.PageSize;

    /// <summary>The image, in memory, sparse.</summary>
    /// <param name="name">For example <c>Formats/fixed.vhd</c>; <c>.sparse.gz</c> is added.</param>
    public static MemoryContent Load(string name)
    {
        using Stream packed = Open(name + ".sparse.gz");
        return Unpack(packed, name);
    }

    /// <summary>A packed image that is no fixture of these tests, in memory, sparse.</summary>
    /// <param name="path">Path of the file with its extensions.</param>
    public static MemoryContent LoadFile(string path)
    {
        using FileStream packed = File.OpenRead(path);
        return Unpack(packed, path);
    }

    /// <summary>Whether there is such an image.</summary>
    /// <param name="name">As for <see cref="Load"/>.</param>
    public static bool Exists(string name) => Assembly.GetExecutingAssembly().GetManifestResourceInfo(name + ".sparse.gz") is not null;

    /// <summary>A truth file as text.</summary>
    /// <param name="name">The full name, for example <c>Ext/basic.txt</c>.</param>
    public static string Text(string name)
    {
        using StreamReader reader = new(Open(name));
        return reader.ReadToEnd();
    }

    /// <summary>A small file that is not packed, as it is.</summary>
    /// <param name="name">The full name, for example <c>InitialRamDisks/gzip.img</c>.</param>
    public static byte[] Bytes(string name)
    {
        using MemoryStream bytes = new();
        using Stream stream = Open(name);
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The lines of a truth file that <c>file-tree.py manifest</c> wrote, without the last empty one.</summary>
    /// <param name="name">The name without its extension, for example <c>Ext/ext4-1k</c>; <c>.txt.gz</c> is added.</param>
    public static string[] Manifest(string name)
    {
        using Stream packed = Open(name + ".txt.gz");
        using StreamReader reader = new(new GZipStream(packed, CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static MemoryContent Unpack(Stream packed, string name)
    {
        using GZipStream stream = new(packed, CompressionMode.Decompress);
        byte[] header = new byte[16];
        stream.ReadExactly(header);
        if (!header.AsSpan(0, 8).SequenceEqual("MKSPARSE"u8))
        {
            throw new InvalidDataException($"{name} is not a packed image.");
        }

        MemoryContent content = new(BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(8)));
        byte[] data = new byte[MaxRun];
        while (true)
        {
            stream.ReadExactly(header.AsSpan(0, 8));
            ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header);
            if (offset == EndOfRuns)
            {
                return content;
            }

            stream.ReadExactly(header.AsSpan(0, 4));
            Span<byte> run = data.AsSpan(0, BinaryPrimitives.ReadInt32LittleEndian(header));
            stream.ReadExactly(run);
            content.Write((long)offset, run);
        }
    }

    private static Stream Open(string name) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new FileNotFoundException($"There is no fixture {name}.");
}
