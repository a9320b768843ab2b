using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems.Ext.Journal;

namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>An ext2, ext3 or ext4 file system, with its journal replayed in memory when the file system needs recovery.</summary>
internal sealed class ExtFileSystem : FileSystem
{
    /// <summary>Bit of s_state.</summary>
    private const ushort CleanlyUnmounted = 1;

    private readonly ExtVolume _volume;

    private readonly bool _wasUnmounted;

    private ExtFileSystem(ExtVolume volume, bool wasUnmounted, IReadOnlyList<string> notes)
    {
        _volume = volume;
        _wasUnmounted = wasUnmounted;
        Notes = notes;
        ExtInode root = volume.ReadInode(ExtFormat.RootInode);
        if (root.Kind != FileKind.Directory)
        {
            throw DiskFormatException.Corrupt(root.Structure, root.Offset, $"i_mode of the root is 0x{root.Mode:X4}, expected a directory");
        }

        Root = new ExtNode(volume, root);
    }

    public override string TypeName => _volume.Superblock.TypeName;

    public override string Uuid
    {
        get
        {
            byte[] uuid = _volume.Superblock.Uuid;
            return uuid.AsSpan().ContainsAnyExcept((byte)0) ? new Guid(uuid, bigEndian: true).ToString("D") : "";
        }
    }

    public override string Label => _volume.Superblock.VolumeName;

    public override FileNode Root { get; }

    public override IReadOnlyList<string> Notes { get; }

    // The kernel writes the count of the superblock at unmount; while mounted those of the groups go ahead of it.
    public override FileSystemSpace? FindSpace() => _wasUnmounted
        ? FileSystemSpace.OfBlocks(_volume.Superblock.BlocksCount, _volume.Superblock.FreeBlocksCount, _volume.Superblock.BlockSize)
        : null;

    /// <summary>Opens the file system of a volume.</summary>
    /// <param name="volume">The volume; it must stay open as long as the file system is used.</param>
    /// <exception cref="DiskFormatException">
    /// The superblock, the journal or the root directory is damaged (Corrupt), the volume is shorter than the file system
    /// (Truncated), or a feature or the kind of the journal is not read (Unsupported).
    /// </exception>
    public static ExtFileSystem Open(DiskContent volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ExtVolume opened = ExtVolume.Open(volume);
        List<string> notes = [];
        bool needsRecovery = opened.Superblock.Incompat.HasFlag(ExtIncompat.Recover);
        bool wasUnmounted = !needsRecovery && (opened.Superblock.State & CleanlyUnmounted) != 0;
        if (needsRecovery)
        {
            JournalRecovery recovery = JournalRecovery.Run(opened);
            notes.AddRange(recovery.Notes);
            ExtVolume replayed = ExtVolume.Open(recovery.Content);
            if (replayed.Superblock.BlockSize != opened.Superblock.BlockSize)
            {
                throw DiskFormatException.Corrupt(ExtSuperblock.Structure, ExtFormat.SuperblockOffset, "the journal changes the block size");
            }

            opened = replayed;
        }

        AddStateNotes(opened.Superblock, notes);
        return new ExtFileSystem(opened, wasUnmounted, notes);
    }

    private static void AddStateNotes(ExtSuperblock superblock, List<string> notes)
    {
        const ushort ErrorsDetected = 2;
        if ((superblock.State & CleanlyUnmounted) == 0)
        {
            notes.Add("The file system was not cleanly unmounted.");
        }

        if ((superblock.State & ErrorsDetected) != 0 || superblock.ErrorCount != 0)
        {
            notes.Add($"The file system records errors (s_error_count {superblock.ErrorCount}), it should be checked with e2fsck.");
        }

        if (superblock.LastOrphan != 0 || superblock.RoCompat.HasFlag(ExtRoCompat.OrphanPresent))
        {
            notes.Add("Files that were deleted or shortened while in use still wait to be released (orphan list), which changes no file that has a name.");
        }
    }
}
