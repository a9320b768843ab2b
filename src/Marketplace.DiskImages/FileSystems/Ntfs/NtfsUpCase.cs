
namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>$UpCase: the case mapping by which the names of this volume are ordered and compared.</summary>
internal sealed class NtfsUpCase
{
    private readonly char[] _upper;

    private NtfsUpCase(char[] upper) => _upper = upper;

    /// <exception cref="DiskFormatException">The file is missing, damaged or not of its one size.</exception>
    public static NtfsUpCase Read(NtfsVolume volume)
    {
        NtfsFile file = new(volume, volume.ReadRecord(NtfsFormat.RecordUpCase));
        NtfsStream stream = file.OpenStream(NtfsFormat.Data, "")
            ?? throw DiskFormatException.Corrupt(file.Record.Structure, file.Record.Position, "$UpCase has no $DATA");
        return Parse(stream.ReadAll(NtfsFormat.UpCaseSize), stream.Attribute.Structure, stream.Attribute.Position);
    }

    /// <param name="raw">The data of the file.</param>
    /// <param name="structure">The structure in messages.</param>
    /// <param name="position">Offset of the attribute in bytes within the volume, for messages.</param>
    /// <exception cref="DiskFormatException">It has not one entry for each code unit.</exception>
    public static NtfsUpCase Parse(ReadOnlySpan<byte> raw, string structure, long position) =>
        raw.Length == NtfsFormat.UpCaseSize
            ? new NtfsUpCase(NtfsName.Read(raw).ToCharArray())
            : throw DiskFormatException.Corrupt(structure, position, $"$UpCase has {raw.Length} bytes, expected {NtfsFormat.UpCaseSize}");

    /// <summary>Orders names as directories do, without regard to case.</summary>
    public int CompareIgnoringCase(string left, string right)
    {
        int count = Math.Min(left.Length, right.Length);
        for (int i = 0; i < count; i++)
        {
            char a = left[i];
            char b = right[i];
            if (a != b && _upper[a] != _upper[b])
            {
                return _upper[a].CompareTo(_upper[b]);
            }
        }

        return left.Length.CompareTo(right.Length);
    }
}
