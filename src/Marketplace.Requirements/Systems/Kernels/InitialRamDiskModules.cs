using Marketplace.DiskImages.InitialRamDisks;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Kernels;

/// <summary>Which of the modules asked for the initial RAM disks of a kernel have.</summary>
/// <param name="Missing">Those that no initial RAM disk has for this release.</param>
/// <param name="OtherReleases">Releases other than that of the kernel for which there are modules.</param>
/// <param name="Nested">A file system inside, which may hold modules and is not read; null when there is none.</param>
internal sealed record InitialRamDiskModules(IReadOnlySet<string> Missing, IReadOnlyList<string> OtherReleases, string? Nested)
{
    private const int MaxOtherReleases = 4;

    /// <summary>Looks for modules; stops reading as soon as all of them are found.</summary>
    /// <param name="tree">The files.</param>
    /// <param name="files">The initial RAM disks, in the order they are put together.</param>
    /// <param name="release">The release of the kernel.</param>
    /// <param name="names">The modules.</param>
    /// <exception cref="DiskImages.DiskFormatException">An initial RAM disk cannot be read.</exception>
    public static InitialRamDiskModules Find(FileTree tree, IEnumerable<InitialRamDiskFile> files, string release, IEnumerable<string> names)
    {
        HashSet<string> missing = new(names.Select(KernelModules.Normalize), StringComparer.Ordinal);
        List<string> others = [];
        string? nested = null;
        foreach (InitialRamDiskFile file in files.Where(file => file.Path is not null))
        {
            bool visited = InitialRamDisk.Visit(tree, file.Path!, file.Offset, file.Length, entry =>
            {
                if (entry.IsRegular && KernelModules.NameOf(entry.Name) is { } module && missing.Contains(module) && ReleaseOf(entry.Name) is { } of)
                {
                    if (of == release)
                    {
                        missing.Remove(module);
                    }
                    else if (others.Count < MaxOtherReleases && !others.Contains(of))
                    {
                        others.Add(of);
                    }
                }

                // dracut's module "squash" puts all but a small loader into one.
                nested = entry.IsRegular && (entry.Name.EndsWith("squash-root.img", StringComparison.Ordinal) || entry.Name.EndsWith(".squashfs", StringComparison.Ordinal)) ? entry.Name : nested;
                return missing.Count > 0;
            });
            if (!visited)
            {
                break;
            }
        }

        return new InitialRamDiskModules(missing, others, nested);
    }

    // usr/lib/modules/RELEASE/kernel/…; modules from elsewhere are copied below "extra" or "updates" of the same directory.
    private static string? ReleaseOf(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int modules = Array.IndexOf(parts, "modules");
        return modules > 0 && parts[modules - 1] == "lib" && modules + 1 < parts.Length ? parts[modules + 1] : null;
    }
}
