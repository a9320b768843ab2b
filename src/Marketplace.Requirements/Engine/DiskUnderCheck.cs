using Marketplace.DiskImages;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats;
using Marketplace.DiskImages.Formats.Vhd;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Engine;

/// <summary>A declared disk, opened once for all checks. What cannot be opened is told by the reason its members throw.</summary>
internal sealed class DiskUnderCheck : IDisposable
{
    private readonly DiskImage? _image;
    private readonly string _fault;
    private readonly RemoteDiskFile? _remote;
    private readonly Lazy<DiskLayout> _layout;
    private IReadOnlyList<VhdProblem>? _problems;
    private long? _allocated;
    private bool? _isConverted;
    private readonly Lazy<DiskFormatException?> _containerProblem;

    /// <summary>Wraps an opened image, or the reason why there is none.</summary>
    /// <param name="declaration">The disk as declared.</param>
    /// <param name="isOSDisk">True for the OS disk.</param>
    /// <param name="image">The opened image, which is owned from now on; null when there is none.</param>
    /// <param name="fault">Why there is none, already reported as a finding of its own.</param>
    /// <param name="remote">What is known of a disk that is read in place; null for a local file.</param>
    public DiskUnderCheck(DiskDeclaration declaration, bool isOSDisk, DiskImage? image, string fault, RemoteDiskFile? remote = null)
    {
        Declaration = declaration;
        IsOSDisk = isOSDisk;
        _image = image;
        _fault = fault;
        _remote = remote;
        _layout = new(() => DiskLayout.Read(RequireDisk()));
        _containerProblem = new(FindContainerProblem);
    }

    /// <summary>The disk as declared.</summary>
    public DiskDeclaration Declaration { get; }

    /// <summary>True for the OS disk.</summary>
    public bool IsOSDisk { get; }

    /// <summary>Absolute path of the file.</summary>
    public string Path => Declaration.Path;

    /// <summary>How messages call it.</summary>
    public string DisplayName => IsOSDisk ? "the OS disk" : $"the data disk {Evidence.Quote(Declaration.DisplayPath)}";

    /// <summary>Whether the disk is published as a fixed VHD made of the format it has, as the project asks.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool IsConverted => _isConverted ??= Declaration.AsksForConversion && _image is { Format: not (DiskFormat.FixedVhd or DiskFormat.OtherVhd) } image && image.FindConversionObstacle() is null && ContainerProblem is null;

    /// <summary>
    /// Whether the disk was opened out of another format than a fixed VHD. MKT1002 refuses the format unless it is converted;
    /// what is inside is judged all the same.
    /// </summary>
    public bool IsInContainer => _image is { Disk: not null, Format: DiskFormat.DynamicVhd or DiskFormat.DifferencingVhd or DiskFormat.Vhdx or DiskFormat.Qcow or DiskFormat.Vmdk };

    /// <summary>Why the disk in a container cannot be read, or not in full because blocks of it are missing; null when it can.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public DiskFormatException? ContainerProblem => _containerProblem.Value;

    /// <summary>Whether a rule about the container itself is broken in a way that is reported as an error of its own.</summary>
    public bool ContainerIsFaulty { get; set; }

    /// <summary>The opened file.</summary>
    /// <exception cref="CannotCheckException">It could not be opened; reported.</exception>
    public DiskImage RequireImage() => _image ?? throw new CannotCheckException(_fault, reported: true);

    /// <summary>What is wrong with the footer.</summary>
    /// <exception cref="CannotCheckException">The file is not a fixed VHD; reported by MKT1001 or MKT1002.</exception>
    public IReadOnlyList<VhdProblem> RequireFooterProblems()
    {
        DiskImage image = RequireImage();
        if (image.Footer is null)
        {
            throw new CannotCheckException($"the file {Declaration.DisplayPath} is not a fixed VHD", reported: true) { ReportedBy = FormatRequirements };
        }

        return _problems ??= image.Footer.FindProblems(image.FileLength);
    }

    /// <summary>The opened file, known to be a fixed VHD; its footer may be damaged.</summary>
    /// <exception cref="CannotCheckException">The file is not a fixed VHD; reported by MKT1001 or MKT1002.</exception>
    public DiskImage RequireFixedVhd()
    {
        DiskImage image = RequireImage();
        bool damagedType = image.Format == DiskFormat.OtherVhd && RequireFooterProblems().Any(problem => problem.Kind == VhdProblemKind.Checksum);
        if (image.Format != DiskFormat.FixedVhd && !damagedType)
        {
            throw new CannotCheckException($"the file {Declaration.DisplayPath} is not a fixed VHD", reported: true) { ReportedBy = FormatRequirements };
        }

        return image;
    }

    /// <summary>The virtual size in bytes: what the footer says, or the file without its footer when the footer cannot be trusted.</summary>
    /// <exception cref="CannotCheckException">The file is not a fixed VHD; reported.</exception>
    public long RequireVirtualSize()
    {
        if (IsConverted)
        {
            return SizeText.RoundUpToMiB(RequireImage().Disk!.Length);
        }

        if (IsInContainer)
        {
            return RequireImage().Disk!.Length;
        }

        DiskImage image = RequireFixedVhd();
        bool trusted = image.Footer is { CurrentSize: > 0 } && !RequireFooterProblems().Any(problem => problem.Kind == VhdProblemKind.Checksum);
        return trusted ? image.Footer!.CurrentSize : Math.Max(0, image.FileLength - VhdFooterLength);
    }

    /// <summary>The bytes of the virtual disk.</summary>
    /// <exception cref="CannotCheckException">There is no disk in the file that can be read, or its length is not the one of its footer; reported.</exception>
    public DiskContent RequireDisk()
    {
        if (IsConverted || IsInContainer)
        {
            return RequireImage().Disk!;
        }

        DiskImage image = RequireFixedVhd();
        IReadOnlyList<VhdProblem> problems = RequireFooterProblems();
        bool trusted = !problems.Any(problem => problem.Kind == VhdProblemKind.Checksum);
        if (trusted && problems.Any(problem => problem.Kind == VhdProblemKind.Length))
        {
            throw new CannotCheckException($"the length of {Declaration.DisplayPath} is not the one its footer asks for", reported: true) { ReportedBy = ["MKT1003"] };
        }

        return image.Disk ?? throw new CannotCheckException($"the file {Declaration.DisplayPath} is not a fixed VHD", reported: true) { ReportedBy = FormatRequirements };
    }

    /// <summary>Partition table and volumes, read once.</summary>
    /// <exception cref="CannotCheckException">The disk cannot be read; reported.</exception>
    /// <exception cref="DiskFormatException">The partition table is damaged.</exception>
    public DiskLayout RequireLayout() => _layout.Value;

    /// <summary>The sum of the allocated extents of the virtual disk in bytes.</summary>
    /// <exception cref="CannotCheckException">The disk cannot be read; reported.</exception>
    public long RequireAllocatedBytes() => _allocated ??= SumOfExtents(RequireDisk());

    /// <summary>The disk as the report tells it.</summary>
    public DiskSummary Summarize()
    {
        bool isConverted = false;
        FileInfo? file = Path.Length > 0 && !Declaration.IsRemote ? new FileInfo(Path) : null;
        long virtualSize = 0;
        long allocated = 0;
        if (_image is not null)
        {
            try
            {
                isConverted = IsConverted;
                virtualSize = RequireVirtualSize();
                allocated = RequireAllocatedBytes();
            }
            catch (Exception exception) when (exception is CannotCheckException or DiskFormatException or (IOException and not (FileNotFoundException or FileLoadException)))
            {
                // Told by the findings; the summary says 0, unknown.
            }
        }

        (string table, IReadOnlyList<DiskArea> areas, string layoutProblem) = SummarizeLayout();
        return new DiskSummary
        {
            Path = Path,
            IsOSDisk = IsOSDisk,
            Lun = IsOSDisk ? null : LogicalUnitNumber.TryParse(Declaration.Lun),
            Caching = Declaration.Caching,
            FileLength = _image?.FileLength ?? 0,
            FileModified = _remote?.Modified ?? (file is { Exists: true } ? new DateTimeOffset(file.LastWriteTimeUtc) : DateTimeOffset.UnixEpoch),
            RemoteVersion = _remote?.Version ?? "",
            IsConverted = isConverted,
            VirtualSize = virtualSize,
            AllocatedBytes = allocated,
            PartitionTable = table,
            Areas = areas,
            LayoutProblem = layoutProblem,
        };
    }

    private (string Table, IReadOnlyList<DiskArea> Areas, string Problem) SummarizeLayout()
    {
        try
        {
            DiskLayout layout = RequireLayout();
            return (layout.Table?.Kind.ToString().ToUpperInvariant() ?? "", DiskAreas.Of(layout), "");
        }
        catch (Exception exception) when (exception is CannotCheckException or DiskFormatException or (IOException and not (FileNotFoundException or FileLoadException)))
        {
            return ("", [], Evidence.OneLine(exception.Message));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _image?.Dispose();

    // Opening a QCOW2 or VMDK file checks where its tables are; only listing the extents goes through every entry of them.
    private DiskFormatException? FindContainerProblem()
    {
        try
        {
            _allocated = IsInContainer ? SumOfExtents(_image!.Disk!) : null;
            return _image?.Problem;
        }
        catch (DiskFormatException exception)
        {
            return exception;
        }
    }

    private static long SumOfExtents(DiskContent disk) => disk.GetAllocatedExtents().Sum(extent => extent.Length);

    /// <summary>Length of a VHD footer in bytes.</summary>
    private const long VhdFooterLength = 512;

    /// <summary>The requirements that tell why a file is not a fixed VHD.</summary>
    private static readonly string[] FormatRequirements = ["MKT1001", "MKT1002"];
}
