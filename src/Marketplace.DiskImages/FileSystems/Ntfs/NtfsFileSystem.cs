using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>An NTFS file system.</summary>
/// <remarks>
/// $LogFile is not replayed. Windows marks the log as closed when it shuts down, and an image that was generalized and shut down
/// has no more to replay. A log that was not closed, or memory saved by hibernation, means that files may be other than they are
/// read here, and nobody can tell which: <see cref="FileSystem.PendingChanges"/> says so, and whoever judges the files must not.
/// The dirty flag alone only asks for chkdsk at the next start; it is a note.
/// </remarks>
internal sealed class NtfsFileSystem : FileSystem
{
    private readonly NtfsVolume _volume;
    private readonly NtfsVolumeInformation _information;

    private NtfsFileSystem(NtfsVolume volume)
    {
        _volume = volume;
        _information = NtfsVolumeInformation.Read(volume);
        NtfsRecord root = volume.ReadRecord(NtfsFormat.RecordRoot);
        Root = new NtfsNode(volume, root);
        if (Root.Kind != FileKind.Directory)
        {
            throw DiskFormatException.Corrupt(root.Structure, root.Position, "the root is not a directory");
        }

        List<string> pending = [];
        if (NtfsLogFile.FindPendingChanges(volume) is { } log)
        {
            pending.Add(log);
        }

        if (NtfsSystemFiles.IsHibernated(Root))
        {
            pending.Add("Windows is hibernated (hiberfil.sys): changes that are only in the memory it saved are not seen");
        }

        volume.DriveLetter = NtfsSystemFiles.IsSystemVolume(Root) ? NtfsSystemFiles.SystemDriveLetter : null;
        PendingChanges = string.Join("; ", pending);
        List<string> notes = [.. pending.Select(reason => $"{char.ToUpperInvariant(reason[0])}{reason[1..]}.")];
        if (_information.IsDirty)
        {
            notes.Add("The volume is marked as dirty, Windows will check it with chkdsk when it starts.");
        }

        Notes = notes;
    }

    public override string TypeName => "ntfs";

    public override string Uuid => _volume.Boot.Uuid;

    public override string Label => _information.Label;

    public override FileNode Root { get; }

    public override IReadOnlyList<string> Notes { get; }

    public override string PendingChanges { get; }

    public override FileSystemSpace? FindSpace() => PendingChanges.Length == 0 ? NtfsClusterBitmap.FindSpace(_volume) : null;

    /// <summary>Opens the file system of a volume.</summary>
    /// <param name="volume">The volume; it must stay open as long as the file system is used.</param>
    /// <exception cref="DiskFormatException">
    /// The boot sector, the MFT, $Volume, $LogFile or the root directory is damaged (Corrupt), the volume is shorter than the
    /// file system (Truncated), or it is encrypted or of a version that is not read (Unsupported).
    /// </exception>
    public static NtfsFileSystem Open(DiskContent volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return new NtfsFileSystem(NtfsVolume.Open(volume));
    }
}
