namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>A stripe of a segment.</summary>
/// <param name="Area">Name of the physical volume, or of an internal logical volume.</param>
/// <param name="Extent">Its first extent there.</param>
internal readonly record struct LvmStripe(string Area, long Extent);

/// <summary>A run of extents of a logical volume.</summary>
/// <param name="Path">Where the description has it.</param>
/// <param name="Type">The type: <c>striped</c> for plain extents, on one physical volume or more.</param>
/// <param name="Start">First byte in the logical volume.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="StripeSize">Bytes that lie together on one stripe before the next one is used; 0 when there is one stripe.</param>
/// <param name="ExtentsEach">Number of extents on each stripe.</param>
/// <param name="Stripes">The stripes; empty for a segment of another type.</param>
internal sealed record LvmSegment(string Path, string Type, long Start, long Length, long StripeSize, long ExtentsEach, IReadOnlyList<LvmStripe> Stripes)
{
    private const string Striped = "striped";

    /// <summary>The byte after the last one.</summary>
    public long End => Start + Length;

    /// <summary>Whether it is made of plain extents.</summary>
    public bool IsStriped => Type == Striped;

    /// <summary>Reads a segment.</summary>
    /// <exception cref="DiskFormatException">It contradicts itself.</exception>
    public static LvmSegment Parse(LvmSection section, long extentSize)
    {
        // The largest number of extents that a 64-bit length can have.
        long maxExtents = Math.Min(uint.MaxValue, (long.MaxValue / extentSize) - 1);
        long start = section.RequireNumber("start_extent", maxExtents);
        long count = section.RequireNumber("extent_count", maxExtents - start);
        if (count == 0)
        {
            throw section.Corrupt("extent_count is 0");
        }

        // "linear" is another word for one stripe.
        string type = section.FindText("type") is { } text and not "linear" ? text : Striped;
        if (type != Striped)
        {
            return new LvmSegment(section.Path, type, start * extentSize, count * extentSize, 0, 0, []);
        }

        List<LvmStripe> stripes = ReadStripes(section);
        long each = count / stripes.Count;
        if (each * stripes.Count != count)
        {
            throw section.Corrupt($"{count} extents cannot be spread over {stripes.Count} stripes");
        }

        long stripeSize = stripes.Count == 1 ? 0 : section.RequireNumber("stripe_size", uint.MaxValue) * LvmFormat.SectorSize;
        return stripes.Count > 1 && (stripeSize == 0 || each * extentSize % stripeSize != 0)
            ? throw section.Corrupt($"a stripe of {each * extentSize} bytes is not a whole number of pieces of {stripeSize} bytes")
            : new LvmSegment(section.Path, type, start * extentSize, count * extentSize, stripeSize, each, stripes);
    }

    private static List<LvmStripe> ReadStripes(LvmSection section)
    {
        IReadOnlyList<object> list = section.RequireList("stripes");
        long count = section.RequireNumber("stripe_count", LvmFormat.MaxNodes);
        if (count == 0 || list.Count != 2 * count)
        {
            throw section.Corrupt($"stripe_count is {count}, and the list of stripes has {list.Count} elements");
        }

        List<LvmStripe> stripes = new(list.Count / 2);
        for (int i = 0; i < list.Count; i += 2)
        {
            stripes.Add(list[i] is string area && list[i + 1] is long extent and >= 0 and <= uint.MaxValue
                ? new LvmStripe(area, extent)
                : throw section.Corrupt("the list of stripes does not hold a name and an extent for each"));
        }

        return stripes;
    }
}
