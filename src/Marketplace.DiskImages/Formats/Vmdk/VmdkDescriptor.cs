using System.Globalization;

namespace Marketplace.DiskImages.Formats.Vmdk;

/// <summary>An extent of a disk, as a line of the descriptor names it: <c>RW 4192256 SPARSE "disk-s001.vmdk"</c>.</summary>
/// <param name="Sectors">Length in sectors of 512 bytes.</param>
/// <param name="Type">FLAT, SPARSE, ZERO, …</param>
/// <param name="FileName">File beside the descriptor; empty for ZERO.</param>
/// <param name="Offset">First sector in the file of a flat extent.</param>
internal sealed record VmdkExtent(long Sectors, string Type, string FileName, long Offset);

/// <summary>The descriptor: text that tells the kind of the disk and its extents.</summary>
/// <param name="CreateType">createType.</param>
/// <param name="ParentCid">parentCID; <c>ffffffff</c> without a parent.</param>
/// <param name="Extents">The extents in the order of the disk.</param>
internal sealed record VmdkDescriptor(string CreateType, string ParentCid, IReadOnlyList<VmdkExtent> Extents)
{
    /// <summary>A disk of 2 TiB in files of 2 GiB has 1024.</summary>
    private const int MaxExtents = 2048;

    private const long MaxSectors = long.MaxValue / 2 / VmdkFormat.SectorSize;

    /// <summary>Reads a descriptor.</summary>
    /// <param name="bytes">Its text, filled up with zeros.</param>
    /// <exception cref="DiskFormatException">A line cannot be read.</exception>
    public static VmdkDescriptor Parse(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        string text = FileSystems.FileName.Decode(end < 0 ? bytes : bytes[..end]);
        Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
        List<VmdkExtent> extents = [];
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (IsExtent(line))
            {
                extents.Add(ReadExtent(line));
                if (extents.Count > MaxExtents)
                {
                    throw DiskFormatException.Unsupported(VmdkFormat.DescriptorStructure, -1, $"more than {MaxExtents} extents");
                }
            }
            else if (line.Split('=', 2) is [var key, var value])
            {
                values[key.Trim()] = value.Trim().Trim('"');
            }
        }

        return new VmdkDescriptor(values.GetValueOrDefault("createType", ""), values.GetValueOrDefault("parentCID", VmdkFormat.NoParent), extents);
    }

    private static bool IsExtent(string line) =>
        line.StartsWith("RW ", StringComparison.Ordinal) || line.StartsWith("RDONLY ", StringComparison.Ordinal) || line.StartsWith("NOACCESS ", StringComparison.Ordinal);

    private static VmdkExtent ReadExtent(string line)
    {
        int quote = line.IndexOf('"', StringComparison.Ordinal);
        int close = quote < 0 ? -1 : line.IndexOf('"', quote + 1);
        string[] words = (quote < 0 ? line : line[..quote]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string rest = close < 0 ? "" : line[(close + 1)..].Trim();
        long offset = 0;
        bool isRead = words.Length == 3 && (quote < 0) == (close < 0)
            && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long sectors) && sectors <= MaxSectors
            && (rest.Length == 0 || (long.TryParse(rest.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out offset) && offset <= MaxSectors));
        return isRead
            ? new VmdkExtent(long.Parse(words[1], CultureInfo.InvariantCulture), words[2], close < 0 ? "" : line[(quote + 1)..close], offset)
            : throw DiskFormatException.Corrupt(VmdkFormat.DescriptorStructure, -1, $"the line '{FileSystems.FileName.ToDisplay(line)}'");
    }
}
