using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>Mounts the volumes of a disk on its root as the system does when it starts: by fstab, then by partition type.</summary>
internal sealed class SystemAssembler
{
    private const string ExtendedBootSource = "extended boot loader partition";
    private const string EfiSystemSource = "EFI system partition";
    private const string UsrSource = "partition of the type of /usr";

    // systemd-gpt-auto-generator(8). The type of /var is left out: it is mounted only where the machine id fits, which an image has not.
    private static readonly (Guid Type, string Path, string Source)[] DataTypes =
    [
        (PartitionTypes.LinuxHome, "/home", "partition of the type of /home"),
        (PartitionTypes.LinuxServerData, "/srv", "partition of the type of /srv"),
        (PartitionTypes.LinuxTemporaryData, "/var/tmp", "partition of the type of /var/tmp"),
    ];

    private readonly DiskLayout _layout;
    private readonly Volume _rootVolume;
    private readonly MountTable _table = new();
    private readonly TreeReader _reader;
    private readonly List<Mount> _mounts = [];
    private readonly List<UnreadableMount> _unreadable = [];

    private SystemAssembler(DiskLayout layout, Volume rootVolume, FileNode root)
    {
        _layout = layout;
        _rootVolume = rootVolume;
        _reader = new TreeReader(root, _table);
        Cover("/", new MountTarget(root, rootVolume, null));
    }

    /// <summary>Assembles the tree.</summary>
    /// <param name="layout">The disk.</param>
    /// <param name="rootVolume">The volume of the root.</param>
    /// <param name="root">The root directory, one that a mount of the volume shows.</param>
    /// <exception cref="DiskFormatException">The fstab of the root cannot be read.</exception>
    public static SystemTree Assemble(DiskLayout layout, Volume rootVolume, FileNode root)
    {
        SystemAssembler assembler = new(layout, rootVolume, root);
        string text = new VolumeTree(root).ReadAllText(FstabRules.Path, FstabRules.MaxSize) ?? "";
        IReadOnlyList<FstabEntry> fstab = Fstab.Parse(text);
        FstabEntry[] mounts = [.. fstab.Where(FstabRules.IsMount)];
        if (mounts.Length > FstabRules.MaxMounts)
        {
            throw DiskFormatException.Unsupported(FstabRules.Path, -1, $"{mounts.Length} file systems to mount, at most {FstabRules.MaxMounts} are");
        }

        // Parents before what is mounted below them; entries of one depth in the order of the file.
        foreach (FstabEntry entry in mounts.OrderBy(entry => entry.MountPoint.Count(c => c == '/')))
        {
            assembler.MountEntry(entry);
        }

        assembler.MountByType();
        return new AssembledSystem(assembler._reader, rootVolume, assembler._mounts, assembler._unreadable, fstab);
    }

    private void MountEntry(FstabEntry entry)
    {
        string path;
        try
        {
            path = Canonical(entry.MountPoint);
        }
        catch (DiskFormatException)
        {
            // The mount point lies below a file system that cannot be read, which already answers for everything below it.
            return;
        }

        if (path == "/")
        {
            return;
        }

        if (FstabRules.IsBind(entry))
        {
            Bind(path, entry.Source);
            return;
        }

        (Volume? volume, string reason) = DeviceNames.Find(_layout, entry.Source);
        MountVolume(path, entry.Source, volume, reason, entry.Options);
    }

    /// <summary>Partitions the system mounts by their type when fstab does not mention them (Discoverable Partitions Specification).</summary>
    private void MountByType()
    {
        MountUsr();

        // The extended boot partition first: the directory for the EFI system partition may be on it.
        if (FindUnmounted(partition => partition.GptType == PartitionTypes.ExtendedBoot) is { } boot && IsFree("/boot"))
        {
            MountVolume("/boot", ExtendedBootSource, boot, "");
        }

        if (FindUnmounted(partition => partition.IsEfiSystem) is { } system && (IsFree("/boot/efi") ? "/boot/efi" : IsFree("/efi") ? "/efi" : null) is { } path)
        {
            MountVolume(path, EfiSystemSource, system, "");
        }

        foreach ((Guid type, string directory, string source) in DataTypes)
        {
            if (FindUnmounted(partition => partition.GptType == type) is { } data && IsFreeOrMissing(directory))
            {
                MountVolume(directory, source, data, "");
            }
        }
    }

    private void MountUsr()
    {
        Volume[] volumes = UsrVolumes.Of(_layout);
        if (volumes.Length == 0 || !IsFreeOrMissing("/usr"))
        {
            return;
        }

        MountVolume("/usr", UsrSource, volumes.Length == 1 ? volumes[0] : null, $"{volumes.Length} partitions have that type and nothing says which one is used");
        if (UsrVolumes.IsFlatcar(volumes[0]))
        {
            // Units of Flatcar mount these two; the directories are made at the first start.
            if (FindUnmounted(partition => partition.IsEfiSystem) is { } boot && IsFreeOrMissing("/boot"))
            {
                MountVolume("/boot", EfiSystemSource, boot, "");
            }

            if (_layout.Volumes.FirstOrDefault(volume => volume.Label == UsrVolumes.FlatcarOemLabel) is { } oem && IsFreeOrMissing("/oem"))
            {
                MountVolume("/oem", $"LABEL={UsrVolumes.FlatcarOemLabel}", oem, "");
            }

            // What it will hold is put together from defaults below /usr and is not known before; an empty one would be judged instead.
            if (IsFreeOrMissing("/etc/passwd"))
            {
                Cover("/etc", new MountTarget(null, null, new UnreadableMount("/etc", UsrSource, "Flatcar makes the files of this directory at the first start")));
            }
        }
    }

    private Volume? FindUnmounted(Func<Partition, bool> isOfType) =>
        _layout.Volumes.FirstOrDefault(volume => volume.Partition is { } partition && isOfType(partition) && _mounts.All(mount => mount.Volume != volume));

    /// <summary>Whether a directory is there, empty and not covered.</summary>
    private bool IsFree(string path) => IsFreeOrMissing(path, orMissing: false);

    private bool IsFreeOrMissing(string path, bool orMissing = true)
    {
        try
        {
            return _table.Find(path) is null && _reader.Stat(path) is var stat && (stat is null ? orMissing : stat.Kind == FileKind.Directory && _reader.List(path).Count == 0);
        }
        catch (DiskFormatException)
        {
            // It is below a file system that cannot be read, or damaged; whoever reads it is told so.
            return false;
        }
    }

    private void Bind(string path, string source)
    {
        try
        {
            ResolvedFile? directory = source.StartsWith('/') ? _reader.Resolve(source) : null;
            UnreadableMount? problem = directory?.Unreadable;
            if (directory is null)
            {
                problem = new UnreadableMount(path, source, "the directory it shows is not there");
            }

            Cover(path, problem is null ? new MountTarget(directory!.Node, _table.VolumeOf(directory.Path), null) : new MountTarget(null, null, problem with { Path = path }));
        }
        catch (DiskFormatException e)
        {
            Cover(path, new MountTarget(null, null, new UnreadableMount(path, source, e.Message)));
        }
    }

    private void MountVolume(string path, string source, Volume? volume, string reason, string options = "")
    {
        string why = volume is null ? reason : RootFinder.WhyUnreadable(volume) ?? $"{volume.DisplayName} holds no file system that is read ({volume.Kind})";
        FileNode? root = null;
        try
        {
            root = volume?.FileSystem is { PendingChanges.Length: 0 } fileSystem ? fileSystem.OpenRoot(options) : null;
        }
        catch (DiskFormatException e)
        {
            why = e.Message;
        }

        Cover(path, root is not null ? new MountTarget(root, volume, null) : new MountTarget(null, null, new UnreadableMount(path, source, why) { Volume = volume }));
    }

    private void Cover(string path, MountTarget target)
    {
        _mounts.RemoveAll(mount => mount.Path == path);
        _unreadable.RemoveAll(mount => mount.Path == path);
        if (target.Unreadable is { } unreadable)
        {
            _unreadable.Add(unreadable);
        }
        else
        {
            _mounts.Add(new Mount(path, target.Volume ?? _rootVolume));
        }

        _table.Add(path, target);
        _reader.Forget();
    }

    /// <summary>The mount point without links; as it is written when it is not there yet.</summary>
    private string Canonical(string path) => _reader.Resolve(path)?.Path ?? "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
}
