using Marketplace.DiskImages.FileSystems.Ntfs.Reparse;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>A file of an NTFS file system.</summary>
/// <remarks>
/// NTFS has access control lists and no mode bits. Every file is shown as owned by root with mode 0755 and every link with
/// 0777: what drivers without a mapping of users show with a umask of 022. The special files of WSL keep their modes in extended
/// attributes, which are not read: they have mode 0. Nothing should be concluded from any of them.
/// </remarks>
internal sealed class NtfsNode : FileNode
{
    private const int ModeOfFiles = 0b111_101_101;
    private const int ModeOfLinks = 0b111_111_111;

    private readonly NtfsVolume _volume;
    private readonly NtfsFile _file;
    private readonly NtfsStandardInformation _information;
    private readonly ReparsePoint? _reparse;
    private readonly string? _target;
    private NtfsStream? _data;
    private WofFile? _packed;
    private NtfsIndex? _index;

    /// <exception cref="DiskFormatException">The metadata of the file are damaged.</exception>
    public NtfsNode(NtfsVolume volume, NtfsRecord record)
    {
        _volume = volume;
        _file = new NtfsFile(volume, record);
        _information = NtfsStandardInformation.Read(_file);
        if (_file.OpenStream(NtfsFormat.ReparsePoint, "") is { } stream)
        {
            _reparse = ReparsePoint.Parse(stream.ReadAll(NtfsFormat.MaxReparsePoint), stream.Attribute.Structure, stream.Attribute.Position);
        }

        Kind = _reparse?.Kind ?? (record.IsDirectory ? FileKind.Directory : FileKind.Regular);
        _target = Kind == FileKind.SymbolicLink ? LinkTarget.Read(_reparse!, volume.DriveLetter) : null;
        Size = Kind switch
        {
            FileKind.Regular => _file.Find(NtfsFormat.Data, "")?.DataSize ?? 0,
            FileKind.Directory => _file.Find(NtfsFormat.IndexAllocation, NtfsFormat.DirectoryIndex)?.DataSize ?? 0,
            FileKind.SymbolicLink => FileName.Encode(_target!).Length,
            _ => 0,
        };
    }

    public override ulong Id => _file.Record.Number;

    public override FileKind Kind { get; }

    public override int Mode => Kind switch
    {
        FileKind.Regular or FileKind.Directory => ModeOfFiles,
        FileKind.SymbolicLink => ModeOfLinks,
        _ => 0,
    };

    public override uint UserId => 0;

    public override uint GroupId => 0;

    /// <inheritdoc />
    /// <remarks>Of a directory, the bytes of its index outside its record.</remarks>
    public override long Size { get; }

    /// <inheritdoc />
    /// <remarks>DOS names are not counted.</remarks>
    /// <exception cref="DiskFormatException">A record with further names is damaged.</exception>
    public override uint LinkCount
    {
        get
        {
            uint number = _file.Record.Number;
            if (!_volume.LinkCounts.TryGetValue(number, out uint count))
            {
                int dosNames = _file.FindAll(NtfsFormat.FileName).Count(name => NtfsFileName.Parse(name.Value.Span, name.Structure, name.Position).IsDosOnly);
                count = (uint)Math.Max(0, _file.Record.LinkCount - dosNames);
                if (_volume.LinkCounts.Count >= NtfsFormat.MaxCachedLinkCounts)
                {
                    _volume.LinkCounts.Clear();
                }

                _volume.LinkCounts.Add(number, count);
            }

            return count;
        }
    }

    public override DateTimeOffset Modified => _information.Modified;

    /// <summary>The names of the alternate data streams.</summary>
    /// <exception cref="DiskFormatException">A record with further streams is damaged.</exception>
    internal IEnumerable<string> StreamNames =>
        _file.FindAll(NtfsFormat.Data).Where(attribute => attribute.Name.Length > 0 && (attribute.IsResident || attribute.LowestVcn == 0)).Select(attribute => NtfsName.ToFileName(attribute.Name));

    /// <summary>An alternate data stream; null when there is none of that very name.</summary>
    /// <exception cref="DiskFormatException">It is damaged, or compressed in a way that is not read.</exception>
    internal NtfsStream? OpenStream(string name) => NtfsName.FromFileName(name) is { } units ? _file.OpenStream(NtfsFormat.Data, units) : null;

    public override IEnumerable<DirectoryEntry> EnumerateDirectory()
    {
        NtfsIndex index = OpenIndex();
        return index.ReadAll().Where(entry => !IsHidden(entry) && !entry.Name!.IsDosOnly).Select(entry => new DirectoryEntry(NameOf(entry), Open(entry)));
    }

    /// <inheritdoc />
    /// <remarks>
    /// Case does not matter, by the $UpCase of the volume, except in directories for which it was switched on; the exact name
    /// is preferred. A DOS name leads to its file too, as in Windows.
    /// </remarks>
    public override FileNode? Find(string name)
    {
        NtfsIndex index = OpenIndex();
        if (NtfsName.FromFileName(name) is not { Length: > 0 and <= NtfsFormat.MaxNameLength } units)
        {
            return null;
        }

        NtfsIndexEntry? similar = null;
        foreach (NtfsIndexEntry entry in index.ReadFrom(units))
        {
            if (_information.IsCaseSensitive)
            {
                if (entry.Name!.Name == units && !IsHidden(entry))
                {
                    return Open(entry);
                }

                continue;
            }

            if (_volume.UpCase.CompareIgnoringCase(entry.Name!.Name, units) != 0)
            {
                break;
            }

            if (!IsHidden(entry))
            {
                if (entry.Name.Name == units)
                {
                    return Open(entry);
                }

                similar ??= entry;
            }
        }

        return similar is { } found ? Open(found) : null;
    }

    public override int Read(long offset, Span<byte> destination)
    {
        RequireKind(FileKind.Regular);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        RequireOwnContent(isDataOfWof: true);
        if (_reparse is { Tag: ReparseFormat.Wof } reparse)
        {
            _packed ??= WofFile.Open(reparse, Size, name => _file.OpenStream(NtfsFormat.Data, name));
        }

        if (offset >= Size)
        {
            return 0;
        }

        int length = (int)Math.Min(destination.Length, Size - offset);
        if (_packed is not null)
        {
            _packed.Read(offset, destination[..length]);
            return length;
        }

        _data ??= _file.OpenStream(NtfsFormat.Data, "")!;
        if (_data.IsEncrypted)
        {
            throw DiskFormatException.Unsupported(_data.Attribute.Structure, _data.Attribute.Position, "the file is encrypted (EFS), its data cannot be read without the key of a user");
        }

        _data.Read(offset, destination[..length]);
        return length;
    }

    public override string ReadLink()
    {
        RequireKind(FileKind.SymbolicLink);
        return _target!;
    }

    private NtfsIndex OpenIndex()
    {
        RequireKind(FileKind.Directory);
        RequireOwnContent(isDataOfWof: false);
        return _index ??= new NtfsIndex(_volume, _file, _information.IsCaseSensitive);
    }

    private static bool IsHidden(NtfsIndexEntry entry) => (entry.Reference & NtfsFormat.ReferenceNumberMask) < NtfsFormat.FirstUserRecord;

    private string NameOf(NtfsIndexEntry entry) => entry.Name!.Name is not ("." or "..")
        ? NtfsName.ToFileName(entry.Name.Name)
        : throw DiskFormatException.Corrupt(_file.Record.Structure, _file.Record.Position, $"the directory has a file with the name '{entry.Name.Name}'");

    private NtfsNode Open(NtfsIndexEntry entry) => new(_volume, _volume.ReadRecord(entry.Reference));

    private void RequireKind(FileKind kind)
    {
        if (Kind != kind)
        {
            throw new InvalidOperationException($"The file is of kind {Kind}, not {kind}.");
        }
    }

    /// <summary>A file with a reparse point has other content than its own, and only that of WOF is read.</summary>
    private void RequireOwnContent(bool isDataOfWof)
    {
        if (_reparse is { } reparse && !(isDataOfWof && reparse.Tag == ReparseFormat.Wof))
        {
            throw reparse.NotRead();
        }

        if (_reparse is null && (_information.Flags & NtfsFormat.FileAttributeReparsePoint) != 0)
        {
            throw DiskFormatException.Corrupt(_file.Record.Structure, _file.Record.Position, "the file is marked as a reparse point and has none");
        }
    }
}
