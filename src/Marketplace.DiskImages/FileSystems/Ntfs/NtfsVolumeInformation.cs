using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>$VOLUME_NAME and $VOLUME_INFORMATION of $Volume.</summary>
/// <param name="Label">The label by the rules of <see cref="FileName"/>; empty when there is none.</param>
/// <param name="Major">Major version of NTFS: 3 since Windows 2000.</param>
/// <param name="Minor">Minor version of NTFS.</param>
/// <param name="IsDirty">Whether Windows will check the volume when it starts.</param>
internal readonly record struct NtfsVolumeInformation(string Label, byte Major, byte Minor, bool IsDirty)
{
    private const ushort Dirty = 1;

    /// <exception cref="DiskFormatException">$Volume is damaged, or the version is not read.</exception>
    public static NtfsVolumeInformation Read(NtfsVolume volume)
    {
        NtfsFile file = new(volume, volume.ReadRecord(NtfsFormat.RecordVolume));
        NtfsAttribute information = file.Find(NtfsFormat.VolumeInformation, "") is { Value.Length: >= 12 } found
            ? found
            : throw DiskFormatException.Corrupt(file.Record.Structure, file.Record.Position, "$Volume has no $VOLUME_INFORMATION");
        ReadOnlySpan<byte> raw = information.Value.Span;
        (byte major, byte minor) = (raw[8], raw[9]);
        if (major is not (1 or 3))
        {
            throw DiskFormatException.Unsupported(information.Structure, information.Position, $"the version of NTFS is {major}.{minor}, versions 1 and 3 are read");
        }

        string label = file.Find(NtfsFormat.VolumeName, "") is { } name ? NtfsName.ToFileName(NtfsName.Read(name.Value.Span)) : "";
        return new NtfsVolumeInformation(label, major, minor, (BinaryPrimitives.ReadUInt16LittleEndian(raw[10..]) & Dirty) != 0);
    }
}
