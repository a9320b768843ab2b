namespace Marketplace.DiskImages.FileSystems;

/// <summary>A file system opened for reading. It does not own the content below it. Not safe for use by several threads at once.</summary>
public abstract class FileSystem
{
    /// <summary>The type as <c>blkid</c> names it: <c>ext4</c>, <c>vfat</c>, …</summary>
    public abstract string TypeName { get; }

    /// <summary>The identifier as <c>fstab</c> writes it after <c>UUID=</c>; empty when there is none.</summary>
    public abstract string Uuid { get; }

    /// <summary>The label; empty when there is none.</summary>
    public abstract string Label { get; }

    /// <summary>The root directory.</summary>
    public abstract FileNode Root { get; }

    /// <summary>
    /// Root directories that only a mount option shows and that may hold a system: of Btrfs the subvolumes of the top level.
    /// Empty for every file system with one root. They are read one by one as the enumeration goes on.
    /// </summary>
    /// <exception cref="DiskFormatException">They cannot be read.</exception>
    public virtual IEnumerable<FileNode> OtherRoots => [];

    /// <summary>
    /// What a reader of the files should know and no single file tells: a journal that was replayed,
    /// errors the file system itself has recorded. Each is one plain sentence.
    /// </summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>
    /// How much is taken: ext (s_free_blocks_count), XFS (sb_fdblocks) and Btrfs (bytes_used, a second copy not counted) keep count
    /// in the superblock, FAT and NTFS are counted from their FAT and $Bitmap. Null when it is not known: nothing keeps the number, it
    /// is stale because the file system was not unmounted, it contradicts the size, or counting would read too much.
    /// </summary>
    /// <exception cref="DiskFormatException">What is counted cannot be read.</exception>
    public virtual FileSystemSpace? FindSpace() => null;

    /// <summary>The root directory that is seen when the file system is mounted with options; options that do not choose a root change nothing.</summary>
    /// <param name="options">fs_mntops of <c>fstab</c>: options separated by commas, such as <c>rw,subvol=@home</c> of Btrfs.</param>
    /// <exception cref="DiskFormatException">There is no such root, so that a mount would fail (Unsupported), or it cannot be read.</exception>
    public virtual FileNode OpenRoot(string options) => Root;

    /// <summary>
    /// Why files may be other than they are read here: changes the system still holds in a log that is not replayed, or in memory
    /// it saved. One plain sentence without a final full stop; empty when nothing is pending. A check of the files must then be
    /// inconclusive.
    /// </summary>
    public virtual string PendingChanges => "";
}
