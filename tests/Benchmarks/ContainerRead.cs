using Marketplace.DiskImages;
using Marketplace.DiskImages.Content;

namespace Benchmarks;

/// <summary>Reads all allocated bytes of a disk in a container from the page cache, against qemu-img with a target that throws them away.</summary>
/// <param name="Format">What qemu-img calls the format.</param>
/// <param name="Options">Options to make it with.</param>
internal sealed record ContainerRead(string Format, string Options) : IPairedBenchmark
{
    private const long Size = 2L << 30;
    private const int BufferSize = 256 << 10;

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
        DiskContent disk = image.Disk!;
        long total = 0;

        // In order, with a few reads under way at a time, as qemu-img does it (-m 8).
        Parallel.ForEach(Pieces(disk), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, () => new byte[BufferSize], (piece, _, buffer) =>
        {
            disk.Read(piece.Offset, buffer.AsSpan(0, (int)piece.Length));
            Interlocked.Add(ref total, piece.Length);
            return buffer;
        }, _ => { });

        if (total < Size)
        {
            throw new InvalidOperationException($"Only {total} bytes were read.");
        }
    }

    public void Dispose()
    {
    }

    private static IEnumerable<Extent> Pieces(DiskContent disk)
    {
        foreach (Extent extent in disk.GetAllocatedExtents())
        {
            for (long offset = extent.Offset; offset < extent.End; offset += BufferSize)
            {
                yield return new Extent(offset, Math.Min(BufferSize, extent.End - offset));
            }
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
