using System.Text;

namespace Marketplace.DiskImages.Registry.Cells;

/// <summary>Names of keys and values: one byte a character when all are below 256, else UTF-16. No character is replaced.</summary>
internal static class CellName
{
    /// <param name="bytes">The bytes of the name.</param>
    /// <param name="isCompressed">Whether each is a character.</param>
    /// <param name="structure">What is named, for the error.</param>
    /// <param name="cell">Offset of its cell.</param>
    /// <exception cref="DiskFormatException">A UTF-16 name has an odd number of bytes.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, bool isCompressed, string structure, uint cell)
    {
        if (isCompressed)
        {
            return Encoding.Latin1.GetString(bytes);
        }

        return bytes.Length % 2 == 0
            ? ToText(bytes)
            : throw DiskFormatException.Corrupt(structure, RegistryFormat.FileOffset(cell), $"the UTF-16 name has {bytes.Length} bytes");
    }

    /// <summary>UTF-16 as it stands: lone surrogates stay what they are. An odd last byte is dropped.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes)
    {
        return string.Create(bytes.Length / 2, bytes, static (chars, source) =>
        {
            for (int i = 0; i < chars.Length; i++)
            {
                chars[i] = (char)(source[2 * i] | (source[(2 * i) + 1] << 8));
            }
        });
    }
}
