using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Systems.Boot;

namespace Marketplace.Requirements.Systems.Software;

/// <summary>The releases of the kernels of a system, as <c>uname -r</c> tells them.</summary>
internal static class InstalledKernels
{
    private const int MaxKernels = 256;

    private static readonly string[] ImagePrefixes = ["vmlinuz-", "vmlinux-", "Image-"];

    // Of what stands in /boot under such a name but is no kernel of the ordinary boot, or no kernel.
    private static readonly string[] OtherImages = ["rescue", ".hmac", ".old", ".gz", ".bak"];

    /// <summary>
    /// The releases: those of the images in /boot and beside the modules, else those of the modules. The newest comes first.
    /// </summary>
    /// <param name="tree">The files of the system.</param>
    /// <exception cref="DiskImages.DiskFormatException">A directory cannot be read.</exception>
    public static IReadOnlyList<string> Read(FileTree tree)
    {
        string[] modules = [.. ((string[])["/usr/lib/modules", "/lib/modules"])
            .SelectMany(directory => tree.List(directory).Take(MaxKernels).Where(name => tree.DirectoryExists($"{directory}/{name}")))
            .Where(name => char.IsAsciiDigit(name[0]))
            .Distinct()];
        string[] images = [.. tree.List("/boot")
            .SelectMany(name => ImagePrefixes.Where(prefix => name.StartsWith(prefix, StringComparison.Ordinal)).Select(prefix => name[prefix.Length..]))
            .Where(release => release.Length > 0 && char.IsAsciiDigit(release[0]) && !OtherImages.Any(other => release.Contains(other, StringComparison.Ordinal)))
            .Take(MaxKernels)
            .Concat(modules.Where(release => tree.FileExists($"/usr/lib/modules/{release}/vmlinuz")))
            .Distinct()];
        return [.. (images.Length > 0 ? images : modules).OrderDescending(Comparer<string>.Create(RpmVersion.ComparePart))];
    }

    /// <summary>
    /// The kernel that starts when nobody chooses: the one the default boot entry names, else the newest, which is the one that
    /// update-grub and grub2-mkconfig put first.
    /// </summary>
    /// <param name="releases">The releases, the newest first; at least one.</param>
    /// <param name="menu">Reads the boot menu; called only when there are several kernels.</param>
    public static string Default(IReadOnlyList<string> releases, Func<BootMenu> menu)
    {
        if (releases.Count == 1)
        {
            return releases[0];
        }

        BootEntry entry = menu().Default;
        return releases.Where(release => Names(entry.Title, release) || Names(entry.Id, release)).MaxBy(release => release.Length) ?? releases[0];
    }

    private static bool Names(string text, string release) => text.Contains(release, StringComparison.Ordinal);
}
