using Marketplace.DiskImages;
using Marketplace.DiskImages.Trees;
using Marketplace.DiskImages.Volumes;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Signatures;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Engine;

/// <summary>The family of the operating system.</summary>
internal enum OSFamily
{
    /// <summary>Linux.</summary>
    Linux,

    /// <summary>Windows.</summary>
    Windows,
}

/// <summary>What checks look at: the declaration, the opened disks and the facts of the system on the OS disk.</summary>
internal sealed class ImageContext : IDisposable
{
    private readonly string _osDiskFault;
    private readonly Lazy<RootSearch> _search;
    private readonly Lazy<WindowsSearch> _windows;
    private readonly Lazy<LinuxSystem> _linux;
    private readonly Lazy<WindowsSystem> _windowsSystem;
    private readonly Lazy<BootSupport> _boot;

    /// <summary>Takes the opened disks, which are owned from now on.</summary>
    /// <param name="image">The declaration.</param>
    /// <param name="osDisk">The OS disk; null when there is not exactly one.</param>
    /// <param name="osDiskFault">Why there is none, already reported.</param>
    /// <param name="dataDisks">The data disks in the order of the declaration.</param>
    public ImageContext(ImageDeclaration image, DiskUnderCheck? osDisk, string osDiskFault, IReadOnlyList<DiskUnderCheck> dataDisks)
    {
        Image = image;
        OSDisk = osDisk;
        DataDisks = dataDisks;
        _osDiskFault = osDiskFault;
        _search = new(() => SystemTree.Search(RequireOSLayout()));
        _windows = new(() => WindowsTree.Search(RequireOSLayout()));
        _linux = new(() => new LinuxSystem(RequireTree()));
        _windowsSystem = new(() => new WindowsSystem(RequireWindowsTree()));
        _boot = new(() => BootSupport.Read(RequireOSLayout()));
    }

    /// <summary>The image as its project declares it.</summary>
    public ImageDeclaration Image { get; }

    /// <summary>The signed URIs that were supplied.</summary>
    public SuppliedSignatures Signatures { get; set; } = SuppliedSignatures.None;

    /// <summary>The OS disk; null when there is not exactly one.</summary>
    public DiskUnderCheck? OSDisk { get; }

    /// <summary>The data disks in the order of the declaration.</summary>
    public IReadOnlyList<DiskUnderCheck> DataDisks { get; }

    /// <summary>Every disk, the OS disk first.</summary>
    public IEnumerable<DiskUnderCheck> Disks => OSDisk is null ? DataDisks : [OSDisk, .. DataDisks];

    /// <summary>Whether the declared family is not usable; reported by MKT0015 or MKT0019.</summary>
    public OSFamily? DeclaredFamily => Image.OSFamily.Trim().ToUpperInvariant() switch
    {
        "LINUX" => OSFamily.Linux,
        "WINDOWS" => OSFamily.Windows,
        _ => null,
    };

    /// <summary>The declared family.</summary>
    /// <exception cref="CannotCheckException">None is declared; reported.</exception>
    public OSFamily RequireFamily() => DeclaredFamily ?? throw new CannotCheckException("the project does not say a known VmImageOSFamily", reported: true);

    /// <summary>The OS disk.</summary>
    /// <exception cref="CannotCheckException">There is not exactly one; reported.</exception>
    public DiskUnderCheck RequireOSDisk() => OSDisk ?? throw new CannotCheckException(_osDiskFault, reported: true);

    /// <summary>Partition table and volumes of the OS disk, which holds something.</summary>
    /// <exception cref="CannotCheckException">It cannot be read, or there is nothing on it that is known.</exception>
    public DiskLayout RequireOSLayout()
    {
        DiskUnderCheck disk = RequireOSDisk();
        DiskLayout layout = disk.RequireLayout();
        if (layout.Table is null && layout.Volumes.All(volume => volume.Kind is VolumeKind.Empty or VolumeKind.Unknown))
        {
            throw new CannotCheckException("the OS disk has no partition table and no known file system", reported: disk.ContainerIsFaulty || IsBlank(layout));
        }

        return layout;
    }

    /// <summary>Why the OS disk holds no system, though all of it could be read; null when it holds one, or when that could not be seen. Told by MKT1018.</summary>
    /// <exception cref="CannotCheckException">The OS disk cannot be read.</exception>
    public string? FindWhyThereIsNoSystem()
    {
        DiskUnderCheck disk = RequireOSDisk();
        DiskLayout layout = disk.RequireLayout();
        if (disk.ContainerIsFaulty || (disk.IsInContainer && !disk.IsConverted && IsBlank(layout)))
        {
            // What is wrong with the file itself was told; that there is nothing in it is judged when that is mended.
            return null;
        }

        return IsBlank(layout) ? "it is blank, without a partition table and without a file system"
            : DeclaredFamily == OSFamily.Linux && !VolumeText.HasOnlyWindowsVolumes(RequireOSLayout()) && HasNoLinux() ? _search.Value.Explanation
            : DeclaredFamily == OSFamily.Windows && HasNoLinux() && _windows.Value is { Tree: null, UnreadableVolumes.Count: 0 } windows ? windows.Explanation
            : null;
    }

    private static bool IsBlank(DiskLayout layout) => layout.Table is null && layout.Volumes.All(volume => volume.Kind == VolumeKind.Empty);

    private bool HasNoLinux() => _search.Value is { Tree: null, UnreadableVolumes.Count: 0 };

    /// <summary>What was found of Windows on the OS disk.</summary>
    /// <exception cref="CannotCheckException">The OS disk cannot be read.</exception>
    public WindowsSearch FindWindows() => _windows.Value;

    /// <summary>Whether Windows is not found because what could hold it is encrypted with BitLocker, which MKT3009 tells.</summary>
    /// <exception cref="CannotCheckException">The OS disk cannot be read.</exception>
    public bool WindowsIsEncrypted() =>
        FindWindows() is { Tree: null, UnreadableVolumes: { Count: > 0 } unreadable } && unreadable.All(volume => volume.Volume.Kind == VolumeKind.BitLocker);

    /// <summary>The assembled files of the Linux system on the OS disk; null when no volume has a root file system that can be read.</summary>
    /// <exception cref="CannotCheckException">The OS disk cannot be read.</exception>
    public SystemTree? FindTree() => _search.Value.Tree;

    /// <summary>The assembled files of the Linux system on the OS disk.</summary>
    /// <exception cref="CannotCheckException">No root file system could be read, or there are several and nothing says which one starts.</exception>
    public SystemTree RequireTree()
    {
        if (FindTree() is { } tree)
        {
            return !_search.Value.IsAmbiguous ? tree : throw new CannotCheckException(
                $"the OS disk holds several Linux systems ({string.Join(", ", _search.Value.Candidates.Select(volume => volume.DisplayName).Distinct())}), which of them starts is not known",
                reported: RequireOSDisk().ContainerIsFaulty);
        }

        DiskLayout layout = RequireOSLayout();
        throw new CannotCheckException(
            $"the Linux system on the OS disk cannot be read: {_search.Value.Explanation}",
            reported: RequireOSDisk().ContainerIsFaulty || HasNoLinux() || VolumeText.HasOnlyWindowsVolumes(layout));
    }

    /// <summary>The facts of the Linux system on the OS disk, read as they are asked for.</summary>
    /// <exception cref="CannotCheckException">No root file system could be read.</exception>
    public LinuxSystem RequireLinux() => _linux.Value;

    /// <summary>The facts of the Windows system on the OS disk, read as they are asked for.</summary>
    /// <exception cref="CannotCheckException">No installation could be read, or there are several systems and nothing says which one starts.</exception>
    public WindowsSystem RequireWindows() => _windowsSystem.Value;

    /// <summary>How the OS disk can boot.</summary>
    /// <exception cref="CannotCheckException">The OS disk cannot be read.</exception>
    public BootSupport RequireBootSupport() => _boot.Value;

    private WindowsTree RequireWindowsTree()
    {
        DiskUnderCheck disk = RequireOSDisk();
        WindowsSearch search = FindWindows();
        SystemTree? linux = FindTree();
        if (search.Tree is not { } tree)
        {
            // A Linux system instead, or no system at all, is told by MKT1018.
            throw new CannotCheckException(
                $"the Windows system on the OS disk cannot be read: {search.Explanation}",
                reported: disk.ContainerIsFaulty || linux is not null || FindWhyThereIsNoSystem() is not null || WindowsIsEncrypted())
            {
                ReportedBy = WindowsIsEncrypted() ? ["MKT3009"] : [],
            };
        }

        string[] systems = [.. search.Candidates.Select(volume => "Windows on " + volume.DisplayName), .. linux is null ? [] : new[] { "Linux on " + linux.RootVolume.DisplayName }];
        return systems.Length == 1 ? tree : throw new CannotCheckException(
            $"the OS disk holds several systems ({string.Join(", ", systems)}), which of them starts is not known",
            reported: disk.ContainerIsFaulty);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (DiskUnderCheck disk in Disks)
        {
            disk.Dispose();
        }
    }
}
