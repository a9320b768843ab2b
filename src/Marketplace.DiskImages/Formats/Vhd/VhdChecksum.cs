namespace Marketplace.DiskImages.Formats.Vhd;

/// <summary>The checksum of the footer and of the header of a dynamic disk.</summary>
internal static class VhdChecksum
{
    /// <summary>The one's complement of the sum of the bytes, the four of the checksum itself left out.</summary>
    /// <param name="structure">The bytes of the structure.</param>
    /// <param name="checksumOffset">Where the checksum stands in it.</param>
    public static uint Compute(ReadOnlySpan<byte> structure, int checksumOffset)
    {
        uint sum = 0;
        for (int i = 0; i < structure.Length; i++)
        {
            sum += i >= checksumOffset && i < checksumOffset + sizeof(uint) ? 0u : structure[i];
        }

        return ~sum;
    }
}
