using System.Numerics;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>Names as the index of a directory and case-insensitive file systems see them.</summary>
internal static class XfsName
{
    /// <summary>The hash of a name (xfs_da_hashname).</summary>
    public static uint Hash(ReadOnlySpan<byte> name)
    {
        uint hash = 0;
        while (name.Length >= 4)
        {
            hash = ((uint)name[0] << 21) ^ ((uint)name[1] << 14) ^ ((uint)name[2] << 7) ^ name[3] ^ BitOperations.RotateLeft(hash, 28);
            name = name[4..];
        }

        return name.Length switch
        {
            3 => ((uint)name[0] << 14) ^ ((uint)name[1] << 7) ^ name[2] ^ BitOperations.RotateLeft(hash, 21),
            2 => ((uint)name[0] << 7) ^ name[1] ^ BitOperations.RotateLeft(hash, 14),
            1 => name[0] ^ BitOperations.RotateLeft(hash, 7),
            _ => hash,
        };
    }

    /// <summary>Whether two names are one to a file system made with version=ci: it folds the letters of ASCII and Latin-1.</summary>
    public static bool EqualsIgnoringCase(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }

        for (int i = 0; i < one.Length; i++)
        {
            if (Fold(one[i]) != Fold(other[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static byte Fold(byte letter) => letter is (>= 0x41 and <= 0x5A) or (>= 0xC0 and <= 0xD6) or (>= 0xD8 and <= 0xDE) ? (byte)(letter + 0x20) : letter;
}
