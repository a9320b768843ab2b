using System.Buffers.Binary;
using System.Text;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>How a differencing disk finds its parent: keys and values in UTF-16.</summary>
/// <param name="Values">The values by their keys.</param>
internal sealed record VhdxParentLocator(IReadOnlyDictionary<string, string> Values)
{
    /// <summary>LocatorType, Reserved and KeyValueCount.</summary>
    public const int HeaderSize = 20;

    private const int EntrySize = 12;

    /// <summary>Windows writes five entries.</summary>
    private const int MaxEntries = 32;

    /// <summary>Reads the item.</summary>
    /// <param name="bytes">The bytes of the item, at least its header.</param>
    /// <exception cref="DiskFormatException">It is damaged, or not of the type of VHDX.</exception>
    public static VhdxParentLocator Parse(ReadOnlySpan<byte> bytes)
    {
        Guid type = new(bytes[..16]); // LocatorType
        if (type != VhdxFormat.ParentLocatorType)
        {
            throw DiskFormatException.Unsupported(VhdxFormat.LocatorStructure, -1, $"the type {type}");
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]); // KeyValueCount
        if (count > MaxEntries || count * EntrySize > bytes.Length - HeaderSize)
        {
            throw DiskFormatException.Corrupt(VhdxFormat.LocatorStructure, -1, $"{count} entries in an item of {bytes.Length} bytes");
        }

        Dictionary<string, string> values = new(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(HeaderSize + (i * EntrySize), EntrySize);
            string key = Text(bytes, BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]));
            values[key] = Text(bytes, BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]));
        }

        return new VhdxParentLocator(values);
    }

    /// <summary>Opens the parent, the relative path first: it is the one that is still right after the files were moved together.</summary>
    /// <param name="child">The child.</param>
    /// <exception cref="DiskFormatException">No file has the identifier, or the parent is damaged.</exception>
    public DiskContent Open(ImageFile child)
    {
        Guid[] linkages = [.. Linkages()];
        if (linkages.Length == 0)
        {
            throw DiskFormatException.Corrupt(VhdxFormat.LocatorStructure, -1, "the identifier of the parent is missing");
        }

        string? other = null;
        HashSet<string> tried = [];
        foreach (string? name in Candidates(child))
        {
            if (name is null || !tried.Add(name) || child.TryOpen(name, VhdxFormat.LocatorStructure) is not { } parent)
            {
                continue;
            }

            Guid? id = VhdxDisk.FindDataWriteGuid(parent.Content);
            if (id is { } found && linkages.Contains(found))
            {
                return VhdxDisk.Open(parent);
            }

            other = $"'{FileName.ToDisplay(name)}' is {(id is null ? "no VHDX" : $"in the state {id}")}";
        }

        throw other is null
            ? DiskFormatException.Unsupported(VhdxFormat.LocatorStructure, -1, $"the parent {Describe()} is not in the folder of the image")
            : DiskFormatException.Corrupt(VhdxFormat.LocatorStructure, -1, $"the parent was in the state {linkages[0]} when this disk was made from it, and {other}");
    }

    private IEnumerable<Guid> Linkages()
    {
        foreach (string key in (string[])["parent_linkage", "parent_linkage2"])
        {
            if (Values.TryGetValue(key, out string? value) && Guid.TryParse(value, out Guid id) && id != Guid.Empty)
            {
                yield return id;
            }
        }
    }

    private IEnumerable<string?> Candidates(ImageFile child)
    {
        if (Values.TryGetValue("relative_path", out string? relative))
        {
            yield return ParentName.FromRelative(child, relative);
        }

        foreach (string key in (string[])["volume_path", "absolute_win32_path"])
        {
            if (Values.TryGetValue(key, out string? absolute))
            {
                yield return ParentName.FromAbsolute(child, absolute);
            }
        }
    }

    private string Describe() =>
        (Values.GetValueOrDefault("relative_path") ?? Values.GetValueOrDefault("absolute_win32_path")) is { } path ? $"'{FileName.ToDisplay(path)}'" : "without a name";

    private static string Text(ReadOnlySpan<byte> bytes, uint offset, int length) =>
        offset + (long)length <= bytes.Length
            ? Encoding.Unicode.GetString(bytes.Slice((int)offset, length)).TrimEnd('\0')
            : throw DiskFormatException.Corrupt(VhdxFormat.LocatorStructure, -1, $"a text of {length} bytes at byte {offset} of an item of {bytes.Length} bytes");
}
