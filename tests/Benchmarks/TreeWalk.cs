using Marketplace.DiskImages.Testing;

namespace Benchmarks;

/// <summary>Walks a tree and hashes its files from a cold open, against find and sha256sum on a mount of the same image.</summary>
/// <param name="Type">The file system, as the name of the benchmark has it.</param>
/// <param name="FixtureName">The fixture with the tree.</param>
/// <param name="InOwnProcess">This side, too, is a program that is started.</param>
internal sealed record TreeWalk(string Type, string FixtureName, bool InOwnProcess) : IPairedBenchmark
{
    /// <summary>Names the work in the arguments of this program when it is started again.</summary>
    public const string Verb = "--walk";

    private static readonly (string Type, string Fixture)[] Trees =
        [("ext4", "Ext/ext4-large"), ("xfs", "Xfs/xfs-default"), ("btrfs", "Btrfs/default"), ("ntfs", "Ntfs/ntfs-large")];

    private static readonly bool[] Ways = [false, true];

    private string _path = "";
    private string _mount = "";
    private bool _isMounted;

    public static IEnumerable<IPairedBenchmark> All =>
        from tree in Trees
        from own in Ways
        select new TreeWalk(tree.Type, tree.Fixture, own);

    public string Name => $"walk-{Type}{(InOwnProcess ? "-process" : "")}";

    public string? WhyNot => ColdCache.WhyNot;

    /// <exception cref="InvalidOperationException">The two sides do not find the same files.</exception>
    public void Prepare(string folder)
    {
        _path = Path.Combine(folder, $"tree.{Type}");
        ImageFile.Expand(_path, () => Fixture.Load(FixtureName));
        _mount = Path.Combine(folder, "mount");
        Directory.CreateDirectory(_mount);
        Mount();
        string[] theirs = [.. HashMounted().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimStart('\\')[..64]).Order(StringComparer.Ordinal)];
        if (theirs.Length == 0 || !TreeHash.Compute(_path).Order(StringComparer.Ordinal).SequenceEqual(theirs))
        {
            throw new InvalidOperationException($"{Name}: the two sides do not hash the same {theirs.Length} files.");
        }
    }

    // The image stays mounted: of its file system the kernel keeps what it reads to mount it.
    public void BeforeEach() => ColdCache.Drop();

    public void RunOurs()
    {
        if (InOwnProcess)
        {
            Tool.RunSelf(Verb, _path);
        }
        else
        {
            TreeHash.Compute(_path);
        }
    }

    public void RunOther() => HashMounted();

    public void Dispose()
    {
        if (_isMounted)
        {
            // Lazily: on a machine that does other work, somebody may be looking at the mount points.
            Tool.Run("umount", "-l", _mount);
            _isMounted = false;
        }
    }

    private void Mount()
    {
        if (Type == "ntfs")
        {
            Tool.Run("ntfs-3g", "-o", "ro", _path, _mount);
        }
        else
        {
            // XFS refuses a second mount of one UUID, and another copy of the fixture may be mounted.
            Tool.Run("mount", "-t", Type, "-o", Type == "xfs" ? "ro,loop,nouuid" : "ro,loop", _path, _mount);
        }

        _isMounted = true;
    }

    // A size is rounded up to KiB before it is compared, so below 8193 KiB means up to 8 MiB.
    private string HashMounted() => Tool.Run("sh", "-c", $"find \"$1\" -type f -size -{(TreeHash.MaxSize >> 10) + 1}k -print0 | xargs -0 sha256sum", "sh", _mount);
}
