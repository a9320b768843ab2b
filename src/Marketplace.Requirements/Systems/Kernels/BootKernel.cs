using System.Text.RegularExpressions;
using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Systems.Boot;

namespace Marketplace.Requirements.Systems.Kernels;

/// <summary>An initial RAM disk the default boot entry names.</summary>
/// <param name="Name">As the boot loader names it.</param>
/// <param name="Path">Where it is; null when it is not on the disk.</param>
/// <param name="Offset">First byte of it in that file.</param>
/// <param name="Length">Number of its bytes.</param>
internal sealed record InitialRamDiskFile(string Name, string? Path, long Offset = 0, long Length = long.MaxValue);

/// <summary>The kernel the default boot entry starts. What belongs to it is read when first asked for; what cannot be read throws every time.</summary>
internal sealed partial class BootKernel
{
    private static readonly string[] BootDirectories = ["", "/boot", "/boot/efi", "/efi"];

    private readonly Lazy<KernelModules?> _modules;
    private readonly Lazy<KernelConfig?> _config;
    private readonly Lazy<IReadOnlyList<InitialRamDiskFile>> _initialRamDisks;

    private BootKernel(FileTree tree, BootEntry? entry, string? path, string release)
    {
        Entry = entry;
        Path = path;
        Release = release;
        _modules = new(() => KernelModules.Read(tree, release));
        _config = new(() => KernelConfig.Read(tree, ConfigPaths(release, entry?.Kernel ?? "")));
        _initialRamDisks = new(() => entry is null ? [] : FindInitialRamDisks(tree, entry, path));
    }

    /// <summary>The boot entry; null when no boot menu was found and this is the only kernel with modules.</summary>
    public BootEntry? Entry { get; }

    /// <summary>An entry by which UEFI firmware starts, or may start, a kernel of another release; null when there is none.</summary>
    public BootEntry? OtherUnderUefi { get; private init; }

    /// <summary>The file of the kernel; null when it is not on the disk or no entry names it.</summary>
    public string? Path { get; }

    /// <summary>What <c>uname -r</c> tells.</summary>
    public string Release { get; }

    /// <summary>Its modules; null when it has no directory for them.</summary>
    public KernelModules? Modules => _modules.Value;

    /// <summary>What it was built with; null when that is not on the disk.</summary>
    public KernelConfig? Config => _config.Value;

    /// <summary>The initial RAM disks of the boot entry.</summary>
    public IReadOnlyList<InitialRamDiskFile> InitialRamDisks => _initialRamDisks.Value;

    /// <summary>The arguments of the kernel line.</summary>
    public IReadOnlyList<string> Arguments => KernelArguments.Split(Entry?.CommandLine ?? "");

    /// <summary>Finds the kernel.</summary>
    /// <param name="tree">The files.</param>
    /// <param name="menu">Reads the boot menu.</param>
    /// <exception cref="CannotCheckException">Which kernel starts cannot be told.</exception>
    /// <exception cref="DiskFormatException">Something it depends on cannot be read.</exception>
    public static BootKernel Find(FileTree tree, Func<BootMenu> menu)
    {
        BootMenu? entries = null;
        string? only = OnlyRelease(tree);
        try
        {
            entries = menu();
        }
        catch (CannotCheckException) when (only is not null)
        {
            // Without a menu the only kernel is the one that starts.
        }

        BootEntry? entry = entries?.Default;
        string? path = entry is null ? null : Locate(tree, entry.Kernel);
        string? release = entry is null ? only : ReleaseOf(tree, entry) ?? only ?? throw new CannotCheckException($"the release of the kernel {Evidence.Quote(entry.Kernel)}, which the default boot entry starts, could not be told");
        return new BootKernel(tree, entry, path, release!)
        {
            OtherUnderUefi = entries?.Defaults.Skip(1).Concat(entries.Undecided).FirstOrDefault(other => ReleaseOf(tree, other) is { } another && another != release),
        };
    }

    private static string? ReleaseOf(FileTree tree, BootEntry entry)
    {
        string? path = Locate(tree, entry.Kernel);
        return (path is null ? null : ReadRelease(tree, path, entry.IsUnified)) ?? ReleaseInName(entry.Kernel) ?? (path is null ? null : ReleaseInName(tree.Stat(path)!.Path));
    }

    private static string? ReadRelease(FileTree tree, string path, bool isUnified)
    {
        string? release = isUnified ? UnifiedKernelImage.ReadRelease(tree, path) : KernelImage.ReadRelease(tree, path);
        return release is { Length: > 0 } && !release.Contains('/', StringComparison.Ordinal) ? release : null;
    }

    private static IEnumerable<string> ConfigPaths(string release, string kernel)
    {
        yield return "/boot/config-" + release;
        yield return $"/lib/modules/{release}/config";
        yield return $"/usr/lib/modules/{release}/config";
        yield return "/usr/lib/kernel/config-" + release;
        yield return $"/usr/src/linux-headers-{release}/.config";
        yield return $"/lib/modules/{release}/build/.config";

        // Alpine names the file of vmlinuz-virt config-virt, or has the release with it.
        if (kernel.LastIndexOf('-') is > 0 and int hyphen)
        {
            yield return "/boot/config-" + kernel[(hyphen + 1)..];
        }
    }

    private static InitialRamDiskFile[] FindInitialRamDisks(FileTree tree, BootEntry entry, string? path)
    {
        if (entry.IsUnified && path is not null)
        {
            return UnifiedKernelImage.FindInitialRamDisk(tree, path) is { } section ? [new InitialRamDiskFile(entry.Kernel, path, section.Offset, section.Length)] : [];
        }

        // SYSLINUX and the EFI stub take it from the kernel line too; under another loader the argument means nothing.
        string directory = entry.Path[..(entry.Path.LastIndexOf('/') + 1)];
        IEnumerable<string> arguments = KernelArguments.ValuesOf(KernelArguments.Split(entry.CommandLine), "initrd").SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(name => name.Replace('\\', '/'));
        return
        [
            .. entry.InitialRamDisks.Select(name => new InitialRamDiskFile(name, Locate(tree, name))),
            .. arguments.Select(name => new InitialRamDiskFile(name, Locate(tree, name) ?? Locate(tree, directory + name))).Where(file => file.Path is not null),
        ];
    }

    /// <summary>The file of the tree a boot loader names: where its file system is mounted, or in a subvolume that is the root.</summary>
    private static string? Locate(FileTree tree, string name)
    {
        // "(hd0,gpt1)/boot/…" names the device too.
        string plain = name.StartsWith('(') && name.IndexOf(')', StringComparison.Ordinal) is > 0 and int close ? name[(close + 1)..] : name;
        plain = plain.StartsWith('/') ? plain : "/" + plain;
        IEnumerable<string> candidates = BootDirectories.Select(directory => directory + plain);
        if (plain.IndexOf("/boot/", StringComparison.Ordinal) is > 0 and int boot)
        {
            candidates = candidates.Append(plain[boot..]);
        }

        return candidates.FirstOrDefault(candidate => tree.Stat(candidate) is { Kind: FileKind.Regular });
    }

    private static string? ReleaseInName(string kernel)
    {
        string name = kernel[(kernel.LastIndexOf('/') + 1)..];
        if (NamedRelease().Match(name) is { Success: true } match)
        {
            return match.Groups[1].Value;
        }

        // kernel-install(8) makes /MACHINE/RELEASE/linux.
        string[] parts = kernel.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 1 && BareRelease().IsMatch(parts[^2]) ? parts[^2] : null;
    }

    private static string? OnlyRelease(FileTree tree)
    {
        string? directory = ((string[])["/lib/modules", "/usr/lib/modules"]).FirstOrDefault(tree.DirectoryExists);
        string[] releases = directory is null ? [] : [.. tree.List(directory).Where(name => BareRelease().IsMatch(name) && tree.FileExists($"{directory}/{name}/modules.dep"))];
        return releases.Length == 1 ? releases[0] : null;
    }

    [GeneratedRegex(@"^(?:vmlinu[xz]|bzImage|Image|kernel|linux)[-_.](\d+\.\d+[^/\s]*?)(?:\.efi|\.gz)?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamedRelease();

    [GeneratedRegex(@"^\d+\.\d+[^/\s]*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex BareRelease();
}
