using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>The metadata of a volume below its files: boot sector, MFT and $UpCase.</summary>
internal sealed class NtfsVolume
{
    private readonly Dictionary<long, LinkedListNode<(long Block, byte[] Data)>> _index = [];
    private readonly LinkedList<(long Block, byte[] Data)> _recent = new();
    private NtfsStream? _mft;
    private NtfsUpCase? _upCase;
    private bool _isMftComplete;

    private NtfsVolume(DiskContent content, NtfsBootSector boot)
    {
        Content = content;
        Boot = boot;
    }

    public DiskContent Content { get; }

    public NtfsBootSector Boot { get; }

    /// <summary>The letter Windows gives this volume; null when it is not known.</summary>
    public char? DriveLetter { get; set; }

    /// <summary>Link counts by the number of the file: each name of a file with many would read all its records again.</summary>
    public Dictionary<uint, uint> LinkCounts { get; } = [];

    /// <summary>The case mapping of the volume.</summary>
    /// <exception cref="DiskFormatException">$UpCase is damaged.</exception>
    public NtfsUpCase UpCase => _upCase ??= NtfsUpCase.Read(this);

    /// <summary>Reads the boot sector and finds all of the MFT.</summary>
    /// <exception cref="DiskFormatException">
    /// The boot sector or record 0 is damaged. The copy of record 0 in $MFTMirr is not used: what made the first one bad may
    /// have changed more.
    /// </exception>
    public static NtfsVolume Open(DiskContent content)
    {
        if (content.Length < NtfsFormat.BootSectorSize)
        {
            throw DiskFormatException.Truncated(NtfsBootSector.Structure, 0, $"the volume has {content.Length} bytes");
        }

        byte[] sector = new byte[NtfsFormat.BootSectorSize];
        content.Read(0, sector);
        NtfsVolume volume = new(content, NtfsBootSector.Parse(sector, content.Length));
        volume.OpenMft();
        return volume;
    }

    /// <summary>Reads the record a file reference leads to.</summary>
    /// <param name="reference">Number of the record in 48 bits and its sequence number in 16; sequence number 0 stands for any.</param>
    /// <exception cref="DiskFormatException">There is no such record, it is damaged, or it was used for another file since.</exception>
    public NtfsRecord ReadRecord(ulong reference)
    {
        ulong number = reference & NtfsFormat.ReferenceNumberMask;
        long size = Boot.RecordSize;
        if (number >= (ulong)(_mft!.Attribute.InitializedSize / size) || number > uint.MaxValue)
        {
            throw DiskFormatException.Corrupt($"NTFS MFT record {number}", -1, $"the MFT has {_mft.Attribute.InitializedSize / size} records");
        }

        long offset = (long)number * size;
        byte[] raw = ReadRaw(offset, (int)size);
        NtfsRecord record = NtfsRecord.Parse(raw, (uint)number, _mft.PositionOf(offset));
        ushort sequence = (ushort)(reference >> 48);
        return sequence == 0 || record.SequenceNumber == sequence
            ? record
            : throw DiskFormatException.Corrupt(record.Structure, record.Position + 0x10, $"the sequence number is {record.SequenceNumber}, the reference to the file says {sequence}");
    }

    private void OpenMft()
    {
        byte[] raw = new byte[Boot.RecordSize];
        long position = Boot.MftCluster * Boot.ClusterSize;
        Content.Read(position, raw);
        NtfsRecord record = NtfsRecord.Parse(raw, NtfsFormat.RecordMft, position);
        NtfsAttribute data = Array.Find(record.Attributes, attribute => attribute is { Type: NtfsFormat.Data, Name.Length: 0, LowestVcn: 0 })
            ?? throw DiskFormatException.Corrupt(record.Structure, position, "the MFT has no $DATA");
        if (data.IsResident || (data.Flags & (NtfsFormat.CompressionMask | NtfsFormat.AttributeEncrypted)) != 0)
        {
            throw DiskFormatException.Corrupt(data.Structure, data.Position, "the data of the MFT are resident, compressed or encrypted");
        }

        // The first extent is enough to read the records with the others, which map what follows.
        NtfsRunMap first = new(data, [new NtfsExtent(0, () => data)], Boot.ClusterCount);
        _mft = new NtfsStream(this, data, first);
        if (first.Find(0).Cluster != Boot.MftCluster)
        {
            throw DiskFormatException.Corrupt(data.Structure, data.Position, $"the MFT begins in cluster {first.Find(0).Cluster}, the boot sector says {Boot.MftCluster}");
        }

        NtfsFile file = new(this, record);
        NtfsRunMap map = file.MapOf(data, keepAll: true);
        _mft = new NtfsStream(this, data, map);
        map.LoadAll();
        _isMftComplete = true;
    }

    private byte[] ReadRaw(long offset, int size)
    {
        if (_isMftComplete)
        {
            (long block, long start) = Math.DivRem(offset, NtfsFormat.MftBlockSize);
            return ReadMftBlock(block).AsSpan((int)start, size).ToArray();
        }

        // What follows the record may not be mapped yet.
        byte[] raw = new byte[size];
        _mft!.Read(offset, raw);
        return raw;
    }

    private byte[] ReadMftBlock(long block)
    {
        if (_index.TryGetValue(block, out LinkedListNode<(long Block, byte[] Data)>? node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Data;
        }

        long offset = block * NtfsFormat.MftBlockSize;
        byte[] data = new byte[NtfsFormat.MftBlockSize];
        _mft!.Read(offset, data.AsSpan(0, (int)Math.Min(data.Length, _mft.Length - offset)));
        if (_index.Count >= NtfsFormat.MftBlocks && _recent.Last is { } oldest)
        {
            _recent.RemoveLast();
            _index.Remove(oldest.Value.Block);
        }

        _index.Add(block, _recent.AddFirst((block, data)));
        return data;
    }
}
