using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection;
using Microsoft.Win32.SafeHandles;

namespace Marketplace.Requirements.Tests.Support;

/// <summary>Expands disks packed by <c>tests/fixtures/pack-sparse.py</c> into sparse files.</summary>
internal static class PackedDisk
{
    /// <summary>Writes the packed disks, one on top of the other.</summary>
    public static void Expand(string path, params string[] names)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        byte[] header = new byte[16];
        byte[] data = new byte[(1 << 20) + 4096];
        foreach (string name in names)
        {
            using Stream packed = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".sparse.gz")!;
            using GZipStream stream = new(packed, CompressionMode.Decompress);
            stream.ReadExactly(header);
            long length = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(8));
            RandomAccess.SetLength(file, length);
            while (true)
            {
                stream.ReadExactly(header.AsSpan(0, 8));
                long offset = BinaryPrimitives.ReadInt64LittleEndian(header);
                if (offset < 0)
                {
                    break;
                }

                stream.ReadExactly(header.AsSpan(0, 4));
                Span<byte> run = data.AsSpan(0, BinaryPrimitives.ReadInt32LittleEndian(header));
                stream.ReadExactly(run);
                RandomAccess.Write(file, run, offset);
            }
        }
    }
}
