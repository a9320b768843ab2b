using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>Finds the boot menu of a system: GRUB 2, Boot Loader Specification, GRUB 0.97, EXTLINUX and SYSLINUX, unified kernel images.</summary>
internal static class BootMenuReader
{
    private static readonly string[] GrubConfigurations = ["/boot/grub2/grub.cfg", "/boot/grub/grub.cfg"];

    private static readonly string[] UnifiedKernelDirectories = ["/boot/efi/EFI/Linux", "/efi/EFI/Linux", "/boot/EFI/Linux"];

    private static readonly string[] FallbackLoaders = ["/boot/efi/EFI/BOOT/BOOTX64.EFI", "/efi/EFI/BOOT/BOOTX64.EFI", "/boot/EFI/BOOT/BOOTX64.EFI", "/boot/efi/EFI/BOOT/BOOTAA64.EFI"];

    private const int MaxUnifiedKernels = 64;

    /// <summary>Reads the menu.</summary>
    /// <exception cref="CannotCheckException">No boot entry was found.</exception>
    /// <exception cref="DiskImages.DiskFormatException">Something the menu depends on cannot be read.</exception>
    public static BootMenu Read(FileTree tree)
    {
        return ReadGrub(tree)
            ?? ReadLoaderEntries(tree)
            ?? ReadLegacyGrub(tree)
            ?? Syslinux.Paths.Where(tree.FileExists).Select(path => Syslinux.Read(tree, path)).FirstOrDefault(menu => menu is not null)
            ?? ReadUnifiedKernels(tree)
            ?? throw new CannotCheckException("no boot entry with a kernel command line was found (looked at /boot/grub2/grub.cfg, /boot/grub/grub.cfg, /boot/loader/entries, /boot/grub/menu.lst, /boot/extlinux/extlinux.conf and EFI/Linux)");
    }

    private static BootMenu? ReadGrub(FileTree tree)
    {
        BootMenu? menu = GrubConfigurations.Where(tree.FileExists).Select(path => GrubMenuReader.Read(tree, path)).FirstOrDefault(found => found is not null);
        UefiGrubMenus uefi = UefiGrubMenus.Read(tree);
        return menu is null
            ? uefi.Undecided.Count == 0 ? uefi.Starts
                : throw new CannotCheckException($"which menu of GRUB on the EFI system partition the firmware starts cannot be told: {string.Join(", ", uefi.Undecided.Select(entry => Evidence.Quote(entry.Path)))}")
            : menu with { UefiDefault = uefi.Starts is { } starts && !starts.Default.IsSameAs(menu.Default) ? starts.Default : null, Undecided = uefi.Undecided };
    }

    private static BootMenu? ReadLoaderEntries(FileTree tree)
    {
        foreach (string directory in LoaderEntry.Directories)
        {
            IReadOnlyList<LoaderEntry> entries = LoaderEntry.ReadAll(tree, directory);
            if (entries.Count == 0)
            {
                continue;
            }

            IReadOnlyDictionary<string, string> variables = ReadGrubEnvironment(tree);
            string wanted = ReadLoaderDefault(tree, directory[..^"/entries".Length] + "/loader.conf");
            LoaderEntry chosen = entries.FirstOrDefault(entry => variables.GetValueOrDefault("saved_entry") == entry.Name)
                ?? entries.FirstOrDefault(entry => wanted.Length > 0 && (Glob.IsMatch(entry.Name, wanted) || Glob.IsMatch(entry.Name + ".conf", wanted)))
                ?? entries[0];
            return new BootMenu(ToEntry(chosen, variables), [.. entries.Where(entry => entry != chosen).Select(entry => ToEntry(entry, variables))]);
        }

        return null;
    }

    private static IReadOnlyDictionary<string, string> ReadGrubEnvironment(FileTree tree)
    {
        foreach (string path in (string[])["/boot/grub2/grubenv", "/boot/grub/grubenv"])
        {
            if (tree.ReadAllText(path, GrubEnvironmentBlock.MaxBytes) is { } text)
            {
                return GrubEnvironmentBlock.Parse(text);
            }
        }

        return new Dictionary<string, string>();
    }

    private static string ReadLoaderDefault(FileTree tree, string path)
    {
        foreach (TextLine line in TextLines.Of(tree.ReadAllText(path, 64 * 1024) ?? ""))
        {
            string[] words = line.Text.Split([' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words is ["default", var value])
            {
                return value;
            }
        }

        return "";
    }

    private static BootEntry ToEntry(LoaderEntry entry, IReadOnlyDictionary<string, string> variables)
    {
        IEnumerable<string> words = entry.Options.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.StartsWith('$') ? variables.GetValueOrDefault(word.TrimStart('$').Trim('{', '}'), "") : word);
        return new BootEntry(entry.Title, entry.Name, entry.Path, entry.OptionsLine, string.Join(' ', words))
        {
            Kernel = entry.Kernel,
            InitialRamDisks = [.. entry.InitialRamDisks.Where(name => !name.StartsWith('$'))],
            IsUnified = entry.IsUnified,
        };
    }

    private static BootMenu? ReadLegacyGrub(FileTree tree)
    {
        foreach (string path in LegacyGrub.Paths)
        {
            if (tree.ReadAllText(path, 1 << 20) is { } text && LegacyGrub.Parse(path, text, () => tree.ReadAllText(LegacyGrub.SavedPath, LegacyGrub.MaxSavedBytes)) is { } menu)
            {
                return menu;
            }
        }

        return null;
    }

    private static BootMenu? ReadUnifiedKernels(FileTree tree)
    {
        List<BootEntry> entries = [];
        foreach (string directory in UnifiedKernelDirectories)
        {
            foreach (string name in tree.List(directory).Where(name => name.EndsWith(".efi", StringComparison.OrdinalIgnoreCase)).Take(MaxUnifiedKernels))
            {
                if (ReadCommandLine(tree, directory + "/" + name) is { } commandLine)
                {
                    entries.Add(new BootEntry(name, name, directory + "/" + name, 0, commandLine) { Kernel = directory + "/" + name, IsUnified = true });
                }
            }
        }

        // Firmware may start one without any boot loader.
        foreach (string path in FallbackLoaders.Where(_ => entries.Count == 0))
        {
            if (ReadCommandLine(tree, path) is { } commandLine)
            {
                return new BootMenu(new BootEntry("unified kernel image", "", path, 0, commandLine) { Kernel = path, IsUnified = true }, []);
            }
        }

        // systemd-boot starts the newest version unless loader.conf names another.
        entries.Sort((left, right) => RpmVersion.ComparePart(right.Id, left.Id));
        string wanted = LoaderEntry.Directories.Select(directory => ReadLoaderDefault(tree, directory[..^"/entries".Length] + "/loader.conf")).FirstOrDefault(value => value.Length > 0) ?? "";
        BootEntry? chosen = entries.FirstOrDefault(entry => wanted.Length > 0 && Glob.IsMatch(entry.Id, wanted)) ?? entries.FirstOrDefault();
        return chosen is null ? null : new BootMenu(chosen, [.. entries.Where(entry => entry != chosen)]);
    }

    /// <summary>The command line inside an image, followed by those of its addons and of the addons for every image (systemd-stub(7)).</summary>
    private static string? ReadCommandLine(FileTree tree, string path)
    {
        if (UnifiedKernelImage.ReadCommandLine(tree, path) is not { } commandLine)
        {
            return null;
        }

        int efi = path.LastIndexOf("/EFI/", StringComparison.Ordinal);
        IEnumerable<string> addons = ((string[])[path + ".extra.d", path[..efi] + "/loader/addons"])
            .SelectMany(directory => tree.List(directory).Where(name => name.EndsWith(".addon.efi", StringComparison.OrdinalIgnoreCase)).Take(MaxUnifiedKernels).Select(name => directory + "/" + name));
        return string.Join(' ', addons.Select(addon => UnifiedKernelImage.ReadCommandLine(tree, addon)).OfType<string>().Prepend(commandLine));
    }
}
