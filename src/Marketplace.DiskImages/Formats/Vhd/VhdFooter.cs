using System.Buffers.Binary;
using System.Text;

namespace Marketplace.DiskImages.Formats.Vhd;

/// <summary>The footer of a VHD: 512 bytes, big-endian (Virtual Hard Disk Image Format Specification 1.0, 2006).</summary>
public sealed record VhdFooter
{
    /// <summary>Disk type: 2 fixed, 3 dynamic, 4 differencing.</summary>
    public required uint DiskType { get; init; }

    /// <summary>Features; bit 1 is always set, bit 0 marks a temporary disk.</summary>
    public required uint Features { get; init; }

    /// <summary>File format version, 0x00010000.</summary>
    public required uint FileFormatVersion { get; init; }

    /// <summary>Offset of the next structure in bytes; all ones for a fixed disk.</summary>
    public required ulong DataOffset { get; init; }

    /// <summary>Creation time (seconds since 2000-01-01 UTC on disk).</summary>
    public required DateTimeOffset TimeStamp { get; init; }

    /// <summary>Creator application, four characters, for example <c>qem2</c>.</summary>
    public required string CreatorApplication { get; init; }

    /// <summary>Creator version.</summary>
    public required uint CreatorVersion { get; init; }

    /// <summary>Creator host, four characters, for example <c>Wi2k</c>.</summary>
    public required string CreatorHostOS { get; init; }

    /// <summary>Original size in bytes, at most <see cref="long.MaxValue"/>. It may differ from the current size when the disk was resized.</summary>
    public required long OriginalSize { get; init; }

    /// <summary>Current size in bytes: the virtual size; at most <see cref="long.MaxValue"/>.</summary>
    public required long CurrentSize { get; init; }

    /// <summary>Cylinders of the geometry.</summary>
    public required int Cylinders { get; init; }

    /// <summary>Heads of the geometry.</summary>
    public required int Heads { get; init; }

    /// <summary>Sectors per track of the geometry.</summary>
    public required int SectorsPerTrack { get; init; }

    /// <summary>The checksum as it stands.</summary>
    public required uint Checksum { get; init; }

    /// <summary>The checksum the 512 bytes should have.</summary>
    public required uint ExpectedChecksum { get; init; }

    /// <summary>The identifier of the disk.</summary>
    public required Guid UniqueId { get; init; }

    /// <summary>Saved state: 1 when the machine was saved.</summary>
    public required byte SavedState { get; init; }

    /// <summary>What made the disk, for people, by its creator application: <c>qemu-img without force_size</c>, <c>Hyper-V</c>, …</summary>
    public string CreatorName => CreatorApplication switch
    {
        "qemu" => "qemu-img without force_size",
        "qem2" => "qemu-img with force_size",
        "vpc " => "Virtual PC, or a tool that writes as it does",
        "vs  " => "Virtual Server",
        "win " => "Hyper-V or Windows",
        "d2v " => "Disk2vhd",
        "tap\0" => "XenServer",
        "CTXS" => "XenConverter",
        "vbox" => "VirtualBox",
        "wa\0\0" or "wa" => "Azure",
        VhdFormat.OwnCreatorApplication => "Marketplace.Build.Sdk",
        _ => $"'{DisplayText(CreatorApplication)}'",
    };

    /// <summary>Reads a footer of 512 bytes, or of the 511 bytes that Virtual PC wrote before 2004. Only the cookie is required to be right.</summary>
    /// <param name="bytes">The bytes of the footer.</param>
    /// <exception cref="DiskFormatException">There are fewer bytes (Truncated), or they do not begin with the cookie <c>conectix</c> (Corrupt).</exception>
    public static VhdFooter Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < VhdFormat.OldFooterSize)
        {
            throw DiskFormatException.Truncated(VhdFormat.FooterStructure, -1, $"{bytes.Length} bytes, {VhdFormat.FooterSize} are needed");
        }

        if (!HasCookie(bytes))
        {
            throw DiskFormatException.Corrupt(VhdFormat.FooterStructure, VhdFormat.CookieOffset, "the cookie 'conectix' is missing");
        }

        return new VhdFooter
        {
            Features = BinaryPrimitives.ReadUInt32BigEndian(bytes[VhdFormat.FeaturesOffset..]),
            FileFormatVersion = BinaryPrimitives.ReadUInt32BigEndian(bytes[VhdFormat.FileFormatVersionOffset..]),
            DataOffset = BinaryPrimitives.ReadUInt64BigEndian(bytes[VhdFormat.DataOffsetOffset..]),
            TimeStamp = VhdFormat.Epoch.AddSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[VhdFormat.TimeStampOffset..])),
            CreatorApplication = Encoding.Latin1.GetString(bytes.Slice(VhdFormat.CreatorApplicationOffset, 4)),
            CreatorVersion = BinaryPrimitives.ReadUInt32BigEndian(bytes[VhdFormat.CreatorVersionOffset..]),
            CreatorHostOS = Encoding.Latin1.GetString(bytes.Slice(VhdFormat.CreatorHostOSOffset, 4)),
            OriginalSize = ReadSize(bytes[VhdFormat.OriginalSizeOffset..]),
            CurrentSize = ReadSize(bytes[VhdFormat.CurrentSizeOffset..]),
            Cylinders = BinaryPrimitives.ReadUInt16BigEndian(bytes[VhdFormat.CylindersOffset..]),
            Heads = bytes[VhdFormat.HeadsOffset],
            SectorsPerTrack = bytes[VhdFormat.SectorsPerTrackOffset],
            DiskType = BinaryPrimitives.ReadUInt32BigEndian(bytes[VhdFormat.DiskTypeOffset..]),
            Checksum = BinaryPrimitives.ReadUInt32BigEndian(bytes[VhdFormat.ChecksumOffset..]),
            ExpectedChecksum = ComputeChecksum(bytes[..Math.Min(bytes.Length, VhdFormat.FooterSize)]),
            UniqueId = new Guid(bytes.Slice(VhdFormat.UniqueIdOffset, 16), bigEndian: true),
            SavedState = bytes[VhdFormat.SavedStateOffset],
        };
    }

    /// <summary>The footer of a new fixed disk.</summary>
    /// <param name="size">Virtual size in bytes.</param>
    /// <param name="uniqueId">The identifier of the disk.</param>
    /// <param name="timeStamp">Creation time; fractions of seconds are dropped, times outside 2000 to 2136 are clamped.</param>
    /// <remarks>
    /// The geometry is 65535/16/255, as qemu-img with <c>force_size</c> has it: with it every tool takes the current size,
    /// while with a calculated geometry older ones take cylinders times heads times sectors and lose the end of the disk.
    /// </remarks>
    public static VhdFooter CreateFixed(long size, Guid uniqueId, DateTimeOffset timeStamp)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        VhdFooter footer = new()
        {
            Features = VhdFormat.ReservedFeature,
            FileFormatVersion = VhdFormat.FileFormatVersion,
            DataOffset = VhdFormat.NoNextStructure,
            TimeStamp = VhdFormat.Epoch.AddSeconds(SecondsSinceEpoch(timeStamp)),
            CreatorApplication = VhdFormat.OwnCreatorApplication,
            CreatorVersion = VhdFormat.OwnCreatorVersion,
            CreatorHostOS = VhdFormat.WindowsHost,
            OriginalSize = size,
            CurrentSize = size,
            Cylinders = VhdFormat.MaxCylinders,
            Heads = VhdFormat.MaxHeads,
            SectorsPerTrack = VhdFormat.MaxSectorsPerTrack,
            DiskType = VhdFormat.TypeFixed,
            Checksum = 0,
            ExpectedChecksum = 0,
            UniqueId = uniqueId,
            SavedState = 0,
        };
        return Parse(footer.ToBytes());
    }

    /// <summary>Whether the bytes begin with the cookie of a footer.</summary>
    /// <param name="bytes">Any bytes.</param>
    public static bool HasCookie(ReadOnlySpan<byte> bytes) => bytes.StartsWith(VhdFormat.Cookie);

    /// <summary>The 512 bytes of the footer, with the checksum calculated anew and the reserved bytes zero.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[VhdFormat.FooterSize];
        VhdFormat.Cookie.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(VhdFormat.FeaturesOffset), Features);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(VhdFormat.FileFormatVersionOffset), FileFormatVersion);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(VhdFormat.DataOffsetOffset), DataOffset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(VhdFormat.TimeStampOffset), SecondsSinceEpoch(TimeStamp));
        Encoding.Latin1.GetBytes(CreatorApplication.AsSpan(0, 4), bytes.AsSpan(VhdFormat.CreatorApplicationOffset));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(VhdFormat.CreatorVersionOffset), CreatorVersion);
        Encoding.Latin1.GetBytes(CreatorHostOS.AsSpan(0, 4), bytes.AsSpan(VhdFormat.CreatorHostOSOffset));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(VhdFormat.OriginalSizeOffset), OriginalSize);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(VhdFormat.CurrentSizeOffset), CurrentSize);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(VhdFormat.CylindersOffset), (ushort)Cylinders);
        bytes[VhdFormat.HeadsOffset] = (byte)Heads;
        bytes[VhdFormat.SectorsPerTrackOffset] = (byte)SectorsPerTrack;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(VhdFormat.DiskTypeOffset), DiskType);
        UniqueId.TryWriteBytes(bytes.AsSpan(VhdFormat.UniqueIdOffset), bigEndian: true, out _);
        bytes[VhdFormat.SavedStateOffset] = SavedState;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(VhdFormat.ChecksumOffset), ComputeChecksum(bytes));
        return bytes;
    }

    /// <summary>Everything that is wrong with the footer of a file of the given length.</summary>
    /// <param name="fileLength">Length of the file in bytes, footer included.</param>
    public IReadOnlyList<VhdProblem> FindProblems(long fileLength)
    {
        List<VhdProblem> problems = [];
        void Add(VhdProblemKind kind, string detail) => problems.Add(new VhdProblem(kind, detail));
        if (Checksum != ExpectedChecksum)
        {
            Add(VhdProblemKind.Checksum, $"the footer's checksum is 0x{Checksum:x8}, its 512 bytes add up to 0x{ExpectedChecksum:x8}");
        }

        if (FileFormatVersion != VhdFormat.FileFormatVersion)
        {
            Add(VhdProblemKind.Version, $"the file format version is 0x{FileFormatVersion:x8}, not 0x{VhdFormat.FileFormatVersion:x8}");
        }

        if ((Features & VhdFormat.ReservedFeature) == 0)
        {
            Add(VhdProblemKind.Features, $"the features are 0x{Features:x8}, without the bit 0x2 that is always set");
        }

        if (SavedState != 0)
        {
            Add(VhdProblemKind.SavedState, $"the saved state is {SavedState}: the disk belongs to a machine that was saved while it ran");
        }

        if (DiskType == VhdFormat.TypeFixed)
        {
            AddFixedDiskProblems(fileLength, Add);
        }

        return problems;
    }

    private void AddFixedDiskProblems(long fileLength, Action<VhdProblemKind, string> add)
    {
        if (DataOffset is not (VhdFormat.NoNextStructure or VhdFormat.NoNextStructureAsSpecified))
        {
            add(VhdProblemKind.DataOffset, $"the data offset of the fixed disk is 0x{DataOffset:x16}, not 0xffffffffffffffff");
        }

        long dataLength = fileLength - VhdFormat.FooterSize;
        if (CurrentSize != dataLength)
        {
            add(VhdProblemKind.Length, DescribeLength(dataLength));
        }

        VhdGeometry geometry = new(Cylinders, Heads, SectorsPerTrack);
        if (CurrentSize % VhdFormat.Alignment != 0)
        {
            long rounded = CurrentSize / VhdFormat.Alignment * VhdFormat.Alignment;
            string why = CreatorApplication is "qemu" && geometry.Size == CurrentSize
                ? "; it was made by qemu-img without force_size, which rounds the size up to whole cylinders"
                : "";
            add(VhdProblemKind.Alignment, $"the current size of {CurrentSize} bytes is not a whole number of MiB: it is {CurrentSize - rounded} bytes more than {rounded / VhdFormat.Alignment} MiB{why}");
        }

        VhdGeometry expected = VhdGeometry.FromSize(CurrentSize);
        VhdGeometry largest = new(VhdFormat.MaxCylinders, VhdFormat.MaxHeads, VhdFormat.MaxSectorsPerTrack);
        if (geometry != expected && geometry != largest)
        {
            add(VhdProblemKind.Geometry, $"the geometry is {geometry}, for the current size it would be {expected}");
        }
    }

    private string DescribeLength(long dataLength) =>
        CurrentSize == dataLength + 1
            ? $"the footer has 511 bytes, as Virtual PC wrote it before 2004, where {VhdFormat.FooterSize} are asked for"
        : CurrentSize > dataLength
            ? $"the footer tells a disk of {CurrentSize} bytes, the file has {dataLength} bytes before the footer: {CurrentSize - dataLength} are missing"
            : $"the footer tells a disk of {CurrentSize} bytes, the file has {dataLength} bytes before the footer: {dataLength - CurrentSize} too many";

    private static long ReadSize(ReadOnlySpan<byte> bytes) => (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(bytes), long.MaxValue);

    private static uint SecondsSinceEpoch(DateTimeOffset time) => (uint)Math.Clamp((time - VhdFormat.Epoch).Ticks / TimeSpan.TicksPerSecond, 0, uint.MaxValue);

    private static uint ComputeChecksum(ReadOnlySpan<byte> footer) => VhdChecksum.Compute(footer, VhdFormat.ChecksumOffset);

    private static string DisplayText(string text) => FileSystems.FileName.ToDisplay(text);
}
