namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>The checksum of labels, headers and descriptions: the CRC-32 of Ethernet, bits reflected, with LVM's own first value and without the final inversion.</summary>
internal static class LvmChecksum
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of bytes; the result is the seed for the bytes that follow them.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes, uint seed = LvmFormat.ChecksumSeed)
    {
        foreach (byte b in bytes)
        {
            seed = Table[(byte)(seed ^ b)] ^ (seed >> 8);
        }

        return seed;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
