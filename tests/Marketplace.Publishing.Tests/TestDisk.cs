using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Tests;

/// <summary>A fixed VHD in a temporary file, made of chosen bytes; the file is sparse where nothing was written.</summary>
public sealed class TestDisk : IDisposable
{
    public const int Mebibyte = 1024 * 1024;

    private readonly string _directory = Directory.CreateTempSubdirectory("mkt-disk-").FullName;

    public TestDisk(long virtualSize, string name = "os.vhd")
    {
        FilePath = Path.Combine(_directory, name);
        VirtualSize = virtualSize;
        using FileStream file = File.Create(FilePath);
        file.SetLength(virtualSize);
        file.Position = virtualSize;
        file.Write(VhdFooterBytes.Fixed(virtualSize));
    }

    public string FilePath { get; }

    public long VirtualSize { get; }

    public DiskSource Source(int? lun = null) => new(FilePath, lun, lun is null ? "ReadWrite" : "None");

    public TestDisk Write(long offset, byte[] bytes)
    {
        using FileStream file = File.OpenWrite(FilePath);
        file.Position = offset;
        file.Write(bytes);
        return this;
    }

    /// <summary>Writes bytes that are not zero, the same for a seed.</summary>
    public TestDisk Fill(long offset, int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return Write(offset, [.. bytes.Select(b => (byte)(b | 1))]);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
