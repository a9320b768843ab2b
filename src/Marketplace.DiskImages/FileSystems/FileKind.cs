namespace Marketplace.DiskImages.FileSystems;

/// <summary>The type of a file, as <c>stat</c> tells it.</summary>
public enum FileKind
{
    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A character device.</summary>
    CharacterDevice,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>A named pipe.</summary>
    NamedPipe,

    /// <summary>A socket.</summary>
    Socket,
}
