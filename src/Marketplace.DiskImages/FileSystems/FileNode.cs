namespace Marketplace.DiskImages.FileSystems;

/// <summary>A file of any kind in a file system. Obtaining a node reads its metadata, not its data.</summary>
public abstract class FileNode
{
    /// <summary>Number of the file within its file system (the inode number), stable while the file system is open.</summary>
    public abstract ulong Id { get; }

    /// <summary>The type of the file.</summary>
    public abstract FileKind Kind { get; }

    /// <summary>The permission bits, including set-user-id, set-group-id and sticky: 0 to 0o7777.</summary>
    public abstract int Mode { get; }

    /// <summary>The owner's number.</summary>
    public abstract uint UserId { get; }

    /// <summary>The group's number.</summary>
    public abstract uint GroupId { get; }

    /// <summary>Length of the data in bytes; for a symbolic link the length of its target.</summary>
    public abstract long Size { get; }

    /// <summary>Number of hard links.</summary>
    public abstract uint LinkCount { get; }

    /// <summary>Time of the last change of the data.</summary>
    public abstract DateTimeOffset Modified { get; }

    /// <summary>The entries of a directory in the order of the disk, without <c>.</c> and <c>..</c>. Nodes are read one by one as the enumeration goes on.</summary>
    /// <exception cref="DiskFormatException">The directory cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The node is not a directory.</exception>
    public abstract IEnumerable<DirectoryEntry> EnumerateDirectory();

    /// <summary>The entry of that name, or null. The rules of the file system decide about case.</summary>
    /// <param name="name">A single name as <see cref="FileName"/> decodes it.</param>
    /// <exception cref="DiskFormatException">The directory cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The node is not a directory.</exception>
    public abstract FileNode? Find(string name);

    /// <summary>Reads data of a regular file; holes and preallocated ranges read as zeros.</summary>
    /// <param name="offset">First byte to read, from the start of the file.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <returns>The number of bytes read: less than asked for only at the end of the file, 0 at or past it.</returns>
    /// <exception cref="DiskFormatException">The data cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The node is not a regular file.</exception>
    public abstract int Read(long offset, Span<byte> destination);

    /// <summary>The target of a symbolic link, not resolved.</summary>
    /// <exception cref="DiskFormatException">The link cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The node is not a symbolic link.</exception>
    public abstract string ReadLink();
}
