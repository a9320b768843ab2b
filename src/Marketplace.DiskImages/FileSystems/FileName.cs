using System.Text;

namespace Marketplace.DiskImages.FileSystems;

/// <summary>
/// Names on disk are bytes. They are held as strings without loss: valid UTF-8 decodes as usual and every other
/// byte b becomes the lone surrogate U+DC00+b, so two different names never become equal and ordinal comparison is exact.
/// </summary>
public static class FileName
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The string for the bytes of a name or of a link target.</summary>
    /// <param name="bytes">Bytes as they are on disk.</param>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        Span<char> chars = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == System.Buffers.OperationStatus.Done)
            {
                text.Append(chars[..rune.EncodeToUtf16(chars)]);
                bytes = bytes[consumed..];
            }
            else
            {
                text.Append((char)(0xDC00 + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>The bytes of a decoded name.</summary>
    /// <param name="name">A string made by <see cref="Decode"/> or ordinary text.</param>
    /// <exception cref="ArgumentException">The string has a surrogate that no byte stands for.</exception>
    public static byte[] Encode(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        List<byte> bytes = new(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (c is >= '\uDC80' and <= '\uDCFF')
            {
                bytes.Add((byte)(c - 0xDC00));
            }
            else if (char.IsHighSurrogate(c) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
            {
                bytes.AddRange(Strict.GetBytes(name, i, 2));
                i++;
            }
            else if (char.IsSurrogate(c))
            {
                throw new ArgumentException("The name has a surrogate that no byte stands for.", nameof(name));
            }
            else
            {
                bytes.AddRange(Strict.GetBytes(name, i, 1));
            }
        }

        return [.. bytes];
    }

    /// <summary>The name for people: bytes that are not UTF-8 and control characters are written as <c>\xNN</c>.</summary>
    /// <param name="name">A string made by <see cref="Decode"/>.</param>
    public static string ToDisplay(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        StringBuilder text = new(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (char.IsHighSurrogate(c) && i + 1 < name.Length)
            {
                text.Append(c).Append(name[++i]);
            }
            else if (char.IsControl(c) || char.IsSurrogate(c))
            {
                text.Append("\\x").Append(((int)c & 0xFF).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }
}
