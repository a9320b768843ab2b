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
    /// What a reader of the files should know and no single file tells: a journal that was replayed,
    /// errors the file system itself has recorded. Each is one plain sentence.
    /// </summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>
    /// Why files may be other than they are read here: changes the system still holds in a log that is not replayed, or in memory
    /// it saved. One plain sentence without a final full stop; empty when nothing is pending. A check of the files must then be
    /// inconclusive.
    /// </summary>
    public virtual string PendingChanges => "";
}
