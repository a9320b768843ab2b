using Marketplace.DiskImages;
using Marketplace.DiskImages.Content;

namespace Marketplace.Build.Sdk.Tests.Harness;

/// <summary>The disks of <c>tests/fixtures/layouts</c>: systems on other file systems and in other disk formats.</summary>
internal static class LayoutDisks
{
    /// <summary>The disk all of them were made from, a fixed VHD.</summary>
    public static string ExpandBase(string path) => Expand(path, "appliance", "base");

    public static string Expand(string path, string disk) => Expand(path, "layouts", disk);

    /// <summary>Whether two disks have the same bytes; ranges neither has allocated are not read.</summary>
    public static bool HaveSameBytes(DiskContent first, DiskContent second)
    {
        var left = new byte[1 << 20];
        var right = new byte[1 << 20];
        foreach (var extent in first.GetAllocatedExtents().Concat(second.GetAllocatedExtents()))
        {
            for (var offset = extent.Offset; offset < extent.End; offset += left.Length)
            {
                var count = (int)Math.Min(left.Length, Math.Min(extent.End, Math.Min(first.Length, second.Length)) - offset);
                first.Read(offset, left.AsSpan(0, count));
                second.Read(offset, right.AsSpan(0, count));
                if (!left.AsSpan(0, count).SequenceEqual(right.AsSpan(0, count)))
                {
                    return false;
                }
            }
        }

        return first.Length == second.Length;
    }

    public static bool HoldsSameDisk(string path, string other)
    {
        using var first = DiskImage.Open(path);
        using var second = DiskImage.Open(other);
        return HaveSameBytes(first.Disk!, second.Disk!);
    }

    private static string Expand(string path, string folder, string disk)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        SparseDisk.Expand(path, Repository.Path("tests", "fixtures", folder, "disks", $"{disk}.sparse.gz"));
        return path;
    }
}
