using System.Text.RegularExpressions;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Systems.Software;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>
/// The menus of GRUB on the EFI system partition that have entries of their own; most files there only lead to the menu below
/// /boot. A machine of a new image has no boot variables: its firmware starts EFI/BOOT, where shim hands over to the directory
/// that a <c>BOOTX64.CSV</c> names when the fallback program is there (shim, README.fallback), else GRUB reads the directory that
/// is built into it.
/// </summary>
/// <param name="Starts">The menu the firmware starts; null when it leads to the one below /boot.</param>
/// <param name="Undecided">The default entries of those that differ, when it cannot be told which one starts; else empty.</param>
internal sealed record UefiGrubMenus(BootMenu? Starts, IReadOnlyList<BootEntry> Undecided)
{
    private const string FileName = "/grub.cfg";

    private static readonly string[] Roots = ["/boot/efi", "/efi"];

    private static readonly string[] FallbackPrograms = ["fbx64.efi", "fbaa64.efi", "fallback.efi"];

    private static readonly string[] FallbackLists = ["BOOTX64.CSV", "BOOTAA64.CSV", "BOOT.CSV"];

    private static readonly string[] Grubs = ["grubx64.efi", "grubaa64.efi", "grub.efi", "BOOTX64.EFI", "BOOTAA64.EFI"];

    /// <summary>Reads them.</summary>
    /// <exception cref="DiskImages.DiskFormatException">A menu or a directory cannot be read.</exception>
    public static UefiGrubMenus Read(FileTree tree)
    {
        foreach (string root in Roots)
        {
            // Azure Linux builds /boot/grub2 into its GRUB.
            string[] directories = [.. Glob.Expand(tree, root + "/EFI/*" + FileName).Append(root + "/boot/grub2" + FileName).Where(tree.FileExists).Select(path => path[..^FileName.Length])];
            Dictionary<string, BootMenu> menus = new(StringComparer.Ordinal);
            foreach (string directory in directories)
            {
                if (GrubMenuReader.Read(tree, directory + FileName) is { } menu)
                {
                    menus.Add(directory, menu);
                }
            }

            if (menus.Count > 0)
            {
                return Choose(tree, root, directories, menus);
            }
        }

        return new UefiGrubMenus(null, []);
    }

    private static UefiGrubMenus Choose(FileTree tree, string root, string[] directories, Dictionary<string, BootMenu> menus)
    {
        BootMenu first = menus[directories.First(menus.ContainsKey)];
        if (menus.Count == directories.Length && menus.Values.All(menu => menu.Default.Kernel == first.Default.Kernel && menu.Default.CommandLine == first.Default.CommandLine))
        {
            return new UefiGrubMenus(first, []);
        }

        return FindStarted(tree, root, directories) is { } started
            ? new UefiGrubMenus(menus.GetValueOrDefault(started), [])
            : new UefiGrubMenus(null, [.. directories.Where(menus.ContainsKey).Select(directory => menus[directory].Default)]);
    }

    /// <summary>The directory whose menu starts; null when more than one may.</summary>
    private static string? FindStarted(FileTree tree, string root, string[] directories)
    {
        if (FindName(tree, root, "EFI") is not { } efi || FindName(tree, efi, "BOOT") is not { } boot)
        {
            return null;
        }

        string[] started = FallbackPrograms.Any(name => FindName(tree, boot, name) is not null)
            ? [.. tree.List(efi).Select(name => $"{efi}/{name}").Where(path => path != boot && FallbackLists.Any(name => FindName(tree, path, name) is not null))]
            : Grubs.Select(name => FindName(tree, boot, name)).FirstOrDefault(path => path is not null) is { } grub
                ? [.. directories.Where(directory => ProgramText.Find(tree, grub, BuiltIn(directory[root.Length..])) is not null)]
                : [];
        return started.Length == 1 ? started[0] : null;
    }

    private static Regex BuiltIn(string directory) =>
        new(Regex.Escape(directory) + "(?:[^A-Za-z0-9_.-]|$)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking);

    // FAT does not tell upper case from lower case.
    private static string? FindName(FileTree tree, string directory, string name) =>
        tree.List(directory).FirstOrDefault(entry => entry.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found ? $"{directory}/{found}" : null;
}
