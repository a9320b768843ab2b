using System.Numerics;
using System.Runtime.InteropServices;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>$Bitmap: one bit for each cluster, set when it is taken.</summary>
internal static class NtfsClusterBitmap
{
    /// <summary>The largest bitmap that is counted, in bytes: of 256 GiB in clusters of 4 KiB.</summary>
    private const int MaxCounted = 8 << 20;

    private const int ReadSize = 1 << 16;

    /// <summary>The space of the volume; null when the bitmap is larger than is counted.</summary>
    /// <exception cref="DiskFormatException">$Bitmap is missing, damaged, or shorter than the volume.</exception>
    public static FileSystemSpace? FindSpace(NtfsVolume volume)
    {
        long clusters = volume.Boot.ClusterCount;
        long length = (clusters + 7) / 8;
        if (length > MaxCounted)
        {
            return null;
        }

        NtfsFile file = new(volume, volume.ReadRecord(NtfsFormat.RecordBitmap));
        NtfsStream stream = file.OpenStream(NtfsFormat.Data, "")
            ?? throw DiskFormatException.Corrupt(file.Record.Structure, file.Record.Position, "$Bitmap has no $DATA");
        if (stream.Length < length)
        {
            throw DiskFormatException.Corrupt(stream.Attribute.Structure, stream.Attribute.Position, $"$Bitmap has {stream.Length} bytes, {clusters} clusters need {length}");
        }

        long taken = 0;
        byte[] buffer = new byte[ReadSize];
        for (long offset = 0; offset < length; offset += ReadSize)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(ReadSize, length - offset));
            stream.Read(offset, part);
            if (offset + part.Length == length && clusters % 8 != 0)
            {
                // The bits after the last cluster are set, and stand for none.
                part[^1] &= (byte)((1 << (int)(clusters % 8)) - 1);
            }

            taken += Count(part);
        }

        return FileSystemSpace.OfBlocks(clusters, (ulong)(clusters - taken), volume.Boot.ClusterSize);
    }

    private static long Count(ReadOnlySpan<byte> bytes)
    {
        long count = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            count += BitOperations.PopCount(word);
        }

        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
        {
            count += BitOperations.PopCount(rest);
        }

        return count;
    }
}
