using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats;
using Marketplace.DiskImages.Formats.Vhd;

namespace Marketplace.DiskImages;

/// <summary>A disk image file opened for reading: its format as its own bytes tell it, never its name.</summary>
public sealed class DiskImage : IDisposable
{
    private readonly DiskContent _file;
    private readonly ImageFileSet _others;
    private readonly string _name;

    private DiskImage(DiskContent file, string name, ImageFileSet others, DiskFormat format, VhdFooter? footer, DiskContent? disk, DiskFormatException? problem)
    {
        _file = file;
        _name = name;
        _others = others;
        Format = format;
        Footer = footer;
        Disk = disk;
        Problem = problem;
    }

    /// <summary>What the bytes say the file is.</summary>
    public DiskFormat Format { get; }

    /// <summary>Length of the file in bytes.</summary>
    public long FileLength => _file.Length;

    /// <summary>The bytes of the file itself, footer included.</summary>
    public DiskContent File => _file;

    /// <summary>The VHD footer at the end of the file; null when there is none. It may have problems: see <see cref="VhdFooter.FindProblems"/>.</summary>
    public VhdFooter? Footer { get; }

    /// <summary>
    /// The virtual disk; null when the format is not read, or damaged as <see cref="Problem"/> tells. For a fixed VHD whose footer is damaged it is the file without its
    /// last 512 bytes; <see cref="RawDiskHint.Find"/> tells more about a file without a footer.
    /// </summary>
    public DiskContent? Disk { get; }

    /// <summary>Why the disk of a format that is read could not be opened; null when it was, or when the format is not read.</summary>
    public DiskFormatException? Problem { get; }

    /// <summary>
    /// What is worth knowing about the container though its disk could be read, in plain sentences without a final full stop:
    /// a log that was replayed, a footer that was missing, a parent that may have been changed.
    /// </summary>
    public IReadOnlyList<string> Notes => _others.Notes;

    /// <summary>
    /// Opens a file. Its parents and extents are opened with it; they are looked for in the folder of the file and below, never elsewhere.
    /// </summary>
    /// <param name="path">Path of the file; directories and devices are refused.</param>
    /// <exception cref="IOException">The file, a parent or an extent is missing, a directory, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static DiskImage Open(string path)
    {
        FileContent file = FileContent.Open(path);
        try
        {
            return Open(file, Path.GetFileName(path), ImageFolder.Of(path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens an image whose bytes are at hand, wherever they are. It has no folder, so it must need no parents or extents.</summary>
    /// <param name="file">All bytes of the file; the image owns them.</param>
    /// <exception cref="IOException">The bytes cannot be read.</exception>
    public static DiskImage Open(DiskContent file) => Open(file, "", ImageFolder.None);

    /// <summary>Opens a file whose bytes are at hand, with the folder its parents and extents are in; the image owns the bytes.</summary>
    internal static DiskImage Open(DiskContent file, string name, ImageFolder folder)
    {
        ArgumentNullException.ThrowIfNull(file);
        (DiskFormat format, VhdFooter? footer, long diskLength) = FormatDetector.Detect(file);
        ImageFileSet others = new(folder);
        DiskContent? disk = null;
        DiskFormatException? problem = null;
        try
        {
            disk = DiskOpener.Open(format, ImageFile.First(others, file, name), diskLength);
        }
        catch (DiskFormatException e)
        {
            problem = e;
        }
        catch
        {
            others.Dispose();
            throw;
        }

        return new DiskImage(file, name, others, format, footer, disk, problem);
    }

    /// <summary>
    /// Why the disk cannot be written or published as a fixed VHD; null when it can. The end of a VHD whose footer is damaged,
    /// moved or cut off cannot be told from its data, so such a file is not taken for a raw disk; nor is one of unknown content
    /// whose name promises another format.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string? FindConversionObstacle() =>
        Problem is { } problem ? problem.Message
        : Disk is not { Length: > 0 } ? $"its bytes are those of: {Format}"
        : Format is DiskFormat.FixedVhd or DiskFormat.OtherVhd && Footer?.FindProblems(FileLength).FirstOrDefault(found => found.Kind is VhdProblemKind.Checksum or VhdProblemKind.Length) is { } damaged ? damaged.Detail
        : Format == DiskFormat.OtherVhd ? $"it is a VHD of the type {Footer?.DiskType}"
        : Format == DiskFormat.Raw ? RawDiskHint.Find(File).WhyNotConvertible(File, _name)
        : null;

    /// <inheritdoc />
    public void Dispose()
    {
        Disk?.Dispose();
        _others.Dispose();
        _file.Dispose();
    }
}
