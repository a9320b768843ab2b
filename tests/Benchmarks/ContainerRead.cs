using Marketplace.DiskImages;
using Marketplace.DiskImages.Content;

namespace Benchmarks;

/// <summary>Reads all allocated bytes of a disk in a container from the page cache, against qemu-img with a target that throws them away.</summary>
/// <param name="Format">What qemu-img calls the format.</param>
/// <param name="Options">Options to make it with.</param>
internal sealed record ContainerRead(string Format, string Options) : IPairedBenchmark
{
    private const long Size = 2L << 30;
    private const int BufferSize = 2 << 20;

    private string _path = "";

    public static IEnumerable<IPairedBenchmark> All =>
    [
        new ContainerRead("vpc", "subformat=dynamic,force_size"),
        new ContainerRead("vhdx", "subformat=dynamic"),
        new ContainerRead("qcow2", ""),
        new ContainerRead("vmdk", ""),
    ];

    public string Name => $"container-{Format}";

    public void Prepare(string folder)
    {
        _path = Path.Combine(folder, "disk." + Format);
        string raw = Path.Combine(folder, "disk.raw");
        if (!File.Exists(raw))
        {
            WriteRandom(raw);
        }

        if (!File.Exists(_path))
        {
            string[] options = Options.Length > 0 ? ["-o", Options] : [];
            Tool.Run("qemu-img", ["convert", "-f", "raw", "-O", Format, .. options, raw, _path]);
        }
    }

    public void RunOurs()
    {
        using DiskImage image = DiskImage.Open(_path);
        byte[] buffer = new byte[BufferSize];
        long total = 0;
        foreach (Extent extent in image.Disk!.GetAllocatedExtents())
        {
            for (long offset = extent.Offset; offset < extent.End;)
            {
                Span<byte> part = buffer.AsSpan(0, (int)Math.Min(BufferSize, extent.End - offset));
                image.Disk.Read(offset, part);
                offset += part.Length;
                total += part.Length;
            }
        }

        if (total < Size)
        {
            throw new InvalidOperationException($"Only {total} bytes were read.");
        }
    }

    // Without the search for zeros (-S 0), which this side does not make either.
    public void RunOther() => Tool.Run("qemu-img", "convert", "-n", "-S", "0", "-f", Format, "--target-image-opts", _path, $"driver=null-co,size={Size}");

    private static void WriteRandom(string path)
    {
        using FileStream file = File.Create(path);
        byte[] buffer = new byte[BufferSize];
        Random random = new(1);
        for (long done = 0; done < Size; done += buffer.Length)
        {
            random.NextBytes(buffer);
            file.Write(buffer);
        }
    }
}
