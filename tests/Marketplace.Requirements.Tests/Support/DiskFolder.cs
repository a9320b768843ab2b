using Marketplace.DiskImages.Formats.Vhd;
using Microsoft.Win32.SafeHandles;

namespace Marketplace.Requirements.Tests.Support;

/// <summary>A folder with the disks of one test, gone when it is disposed.</summary>
internal sealed class DiskFolder : IDisposable
{
    public const long MiB = 1024 * 1024;
    public const long GiB = 1024 * MiB;

    public string Path { get; } = Directory.CreateTempSubdirectory("marketplace-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A fixed VHD of zeros, sparse, with whatever bytes are written into it.</summary>
    public string FixedVhd(string name, long size, params (long Offset, byte[] Bytes)[] writes)
    {
        string path = At(name);
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(file, size + 512);
        foreach ((long offset, byte[] bytes) in writes)
        {
            RandomAccess.Write(file, bytes, offset);
        }

        RandomAccess.Write(file, VhdFooter.CreateFixed(size, Guid.Empty, DateTimeOffset.UnixEpoch.AddYears(40)).ToBytes(), size);
        return path;
    }

    /// <summary>A packed raw disk, extended to a size and given a footer.</summary>
    public string FromPacked(string name, long size, params string[] packed)
    {
        string path = At(name);
        PackedDisk.Expand(path, packed);
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, size + 512);
        RandomAccess.Write(file, VhdFooter.CreateFixed(size, Guid.Empty, DateTimeOffset.UnixEpoch.AddYears(40)).ToBytes(), size);
        return path;
    }

    /// <summary>A packed file as it is.</summary>
    public string Packed(string name, params string[] packed)
    {
        PackedDisk.Expand(At(name), packed);
        return At(name);
    }

    public static void Patch(string path, long offset, params byte[] bytes)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Write(file, bytes, offset < 0 ? RandomAccess.GetLength(file) + offset : offset);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
