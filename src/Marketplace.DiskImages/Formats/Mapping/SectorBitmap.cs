using System.Numerics;

namespace Marketplace.DiskImages.Formats.Mapping;

/// <summary>Runs of equal bits in a bitmap of sectors.</summary>
internal static class SectorBitmap
{
    /// <summary>How many bits from <paramref name="start"/> on are the same as the first, within the bytes.</summary>
    /// <param name="bytes">The bitmap, or a part of it; not empty.</param>
    /// <param name="start">Number of the first bit, inside the bytes.</param>
    /// <param name="mostSignificantFirst">Whether bit 0 is the most significant bit of byte 0 (VHD) or the least (VHDX).</param>
    public static (bool Value, long Count) Run(ReadOnlySpan<byte> bytes, long start, bool mostSignificantFirst)
    {
        int at = (int)(start / 8);
        int within = (int)(start % 8);
        bool value = ((bytes[at] >> (mostSignificantFirst ? 7 - within : within)) & 1) != 0;
        int count = Equal(bytes[at], within, value, mostSignificantFirst);
        if (within + count < 8)
        {
            return (value, count);
        }

        at++;
        int same = bytes[at..].IndexOfAnyExcept(value ? (byte)0xFF : (byte)0);
        same = same < 0 ? bytes.Length - at : same;
        int rest = at + same < bytes.Length ? Equal(bytes[at + same], 0, value, mostSignificantFirst) : 0;
        return (value, count + (same * 8L) + rest);
    }

    // Equal bits of one byte from a place on; shifted so that the first one asked for is the highest bit.
    private static int Equal(byte bits, int from, bool value, bool mostSignificantFirst)
    {
        uint differing = value ? (uint)~bits & 0xFF : bits;
        int leading = mostSignificantFirst
            ? BitOperations.LeadingZeroCount(differing << (24 + from))
            : BitOperations.TrailingZeroCount(differing >> from);
        return Math.Min(leading, 8 - from);
    }
}
