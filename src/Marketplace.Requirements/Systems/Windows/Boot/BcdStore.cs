using Marketplace.DiskImages;
using Marketplace.DiskImages.Registry;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Windows.Boot;

/// <summary>A store of boot configuration data.</summary>
/// <param name="Path">Path of the file in its volume.</param>
/// <param name="BootManager">The object {bootmgr}; null when there is none.</param>
/// <param name="Loader">The object {default}, which starts Windows; null when there is none.</param>
internal sealed record BcdStore(string Path, BcdObject? BootManager, BcdObject? Loader)
{
    /// <summary>Where BIOS and UEFI boot managers have it: on the active partition, and on the EFI system partition.</summary>
    private static readonly string[][] Places = [["Boot", "BCD"], ["EFI", "Microsoft", "Boot", "BCD"]];

    /// <summary>The stores on the volumes of a disk that can be read.</summary>
    /// <exception cref="DiskFormatException">A volume or a store cannot be read.</exception>
    public static IReadOnlyList<BcdStore> FindAll(DiskLayout layout) =>
        [.. layout.Volumes.Where(volume => volume.FileSystem is not null).SelectMany(volume => Find(new VolumeTree(volume.FileSystem!)))];

    /// <summary>The stores on one volume.</summary>
    public static IEnumerable<BcdStore> Find(FileTree volume)
    {
        foreach (string[] place in Places)
        {
            if (Resolve(volume, place) is { } path && RegistryHive.Open(volume, path) is { } hive)
            {
                BcdObject? manager = Open(hive, BcdFormat.BootManager);
                yield return new BcdStore(path, manager, manager?.Text(BcdFormat.DefaultObject) is { } id ? Open(hive, id) : null);
            }
        }
    }

    private static BcdObject? Open(RegistryHive hive, string id) =>
        hive.FindKey(BcdFormat.ObjectsKey)?.FindSubkey(id) is { } key ? new BcdObject(key) : null;

    // Names on FAT are found by the exact case they have; the firmware and Windows do not care.
    private static string? Resolve(FileTree volume, string[] names)
    {
        string path = "";
        foreach (string name in names)
        {
            if (volume.List(path.Length == 0 ? "/" : path).FirstOrDefault(found => found.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } found)
            {
                return null;
            }

            path += "/" + found;
        }

        return path;
    }
}
