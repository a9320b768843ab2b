using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Whole disks whose system is assembled from several partitions.</summary>
internal static class TreeTargets
{
    private const int HeadSize = 65536;

    // A damaged directory may lead back to itself; no path of this disk is as deep.
    private const int MaxDepth = 8;

    public static IEnumerable<MutationTarget> All =>
    [
        new MutationTarget("tree-ubuntu", () => Fixture.Load("Trees/ubuntu.vhd"), (file, meter) =>
        {
            using DiskImage image = DiskImage.Open(file);
            if (image.Disk is not null && SystemTree.Assemble(DiskLayout.Read(image.Disk)) is { } tree)
            {
                Walk(tree, "/", meter);
                tree.ReadAllBytes("/var/log/big");
            }
        })
        {
            Regions = vhd => [new(0, 34 * 512), .. vhd.GetAllocatedExtents().Select(extent => new Extent(extent.Offset, Math.Min(extent.Length, HeadSize)))],
        },
    ];

    private static void Walk(SystemTree tree, string directory, MemoryMeter meter)
    {
        foreach (string name in tree.List(directory))
        {
            string path = directory == "/" ? "/" + name : $"{directory}/{name}";
            meter.Step();
            tree.ReadLink(path);
            if (tree.LinkStat(path) is { Kind: FileKind.Directory } && path != "/mnt" && path.Count(c => c == '/') <= MaxDepth)
            {
                Walk(tree, path, meter);
            }
        }
    }
}
