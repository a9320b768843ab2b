using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Marketplace.DiskImages.Packages.Rpm;

/// <summary>
/// The header of a package as RPM's databases hold it: two numbers, an index of 16 bytes a tag, and the data; big-endian
/// (RPM documentation, "RPM v4 Header"). Only what names the package is read.
/// </summary>
internal static class RpmHeader
{
    private const int IntroSize = 8;
    private const int EntrySize = 16;

    /// <summary>The most tags; real headers have about a hundred.</summary>
    private const int MaxEntries = 1 << 16;

    private const int TagName = 1000;
    private const int TagVersion = 1001;
    private const int TagRelease = 1002;
    private const int TagEpoch = 1003;
    private const int TagArch = 1022;
    private const int TypeInt32 = 4;
    private const int TypeString = 6;

    /// <summary>Reads the package from its header.</summary>
    /// <param name="header">The header.</param>
    /// <param name="database">Path of the database.</param>
    /// <exception cref="DiskFormatException">The header is damaged.</exception>
    public static InstalledPackage Read(BlobPrefix header, string database)
    {
        ReadOnlySpan<byte> intro = header.Read(0, IntroSize);
        uint entries = BinaryPrimitives.ReadUInt32BigEndian(intro);
        uint dataLength = BinaryPrimitives.ReadUInt32BigEndian(intro[4..]);
        if (entries is 0 or > MaxEntries || IntroSize + (entries * (long)EntrySize) + dataLength != header.Length)
        {
            throw DiskFormatException.Corrupt(header.Structure, -1, $"{entries} tags and {dataLength} bytes of data do not make the {header.Length} bytes of the header");
        }

        int data = IntroSize + ((int)entries * EntrySize);
        Dictionary<int, int> offsets = ReadIndex(header.Read(IntroSize, data - IntroSize), header.Structure, dataLength);
        string name = ReadString(header, offsets, TagName, data) ?? throw Missing(header, "name");
        string version = ReadString(header, offsets, TagVersion, data) ?? throw Missing(header, "version");
        string release = ReadString(header, offsets, TagRelease, data) ?? throw Missing(header, "release");
        string epoch = offsets.TryGetValue(TagEpoch, out int at)
            ? BinaryPrimitives.ReadUInt32BigEndian(header.Read(data + at, sizeof(uint))).ToString(CultureInfo.InvariantCulture) + ":"
            : "";
        return new InstalledPackage(name, $"{epoch}{version}-{release}", ReadString(header, offsets, TagArch, data) ?? "", PackageFormat.Rpm, database);
    }

    /// <summary>Where in the data the tags begin that are needed.</summary>
    private static Dictionary<int, int> ReadIndex(ReadOnlySpan<byte> index, string structure, uint dataLength)
    {
        Dictionary<int, int> offsets = [];
        for (; !index.IsEmpty; index = index[EntrySize..])
        {
            int tag = BinaryPrimitives.ReadInt32BigEndian(index);
            if (tag is not (TagName or TagVersion or TagRelease or TagEpoch or TagArch))
            {
                continue;
            }

            int type = BinaryPrimitives.ReadInt32BigEndian(index[4..]);
            uint offset = BinaryPrimitives.ReadUInt32BigEndian(index[8..]);
            uint count = BinaryPrimitives.ReadUInt32BigEndian(index[12..]);
            if (type != (tag == TagEpoch ? TypeInt32 : TypeString) || count != 1 || offset >= dataLength || offset > int.MaxValue || !offsets.TryAdd(tag, (int)offset))
            {
                throw DiskFormatException.Corrupt(structure, -1, $"tag {tag} of type {type} with {count} values at {offset} of {dataLength} bytes, or a second one of it");
            }
        }

        return offsets;
    }

    private static string? ReadString(BlobPrefix header, Dictionary<int, int> offsets, int tag, int data)
    {
        if (!offsets.TryGetValue(tag, out int offset))
        {
            return null;
        }

        int most = Math.Min(header.Length - data - offset, PackageLimits.MaxStringBytes);
        for (int count = Math.Min(most, 64); ; count = Math.Min(most, count * 2))
        {
            ReadOnlySpan<byte> bytes = header.Read(data + offset, count);
            int end = bytes.IndexOf((byte)0);
            if (end >= 0)
            {
                return Encoding.UTF8.GetString(bytes[..end]);
            }

            if (count == most)
            {
                throw DiskFormatException.Corrupt(header.Structure, -1, $"the string of tag {tag} does not end within {most} bytes");
            }
        }
    }

    private static DiskFormatException Missing(BlobPrefix header, string what) => DiskFormatException.Corrupt(header.Structure, -1, $"the package has no {what}");
}
