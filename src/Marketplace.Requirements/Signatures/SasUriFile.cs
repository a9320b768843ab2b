using System.Text;
using System.Text.Json;

namespace Marketplace.Requirements.Signatures;

/// <summary>A file of signed URIs: one URI a line, or the <c>sas-uris.json</c> a publish writes.</summary>
public static class SasUriFile
{
    /// <summary>The largest file that is read: a thousand times what an image with 17 disks needs is a mistake.</summary>
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads the URIs of a file. Blank lines and lines that begin with <c>#</c> are left out.</summary>
    /// <param name="path">Absolute path.</param>
    /// <exception cref="IOException">The file cannot be read, is too large, or is JSON that cannot be read; the text repeats nothing of it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IReadOnlyList<SuppliedSasUri> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > MaxBytes)
        {
            throw new IOException($"it has more than {MaxBytes} bytes, which no file of SAS URIs has");
        }

        byte[] bytes = new byte[(int)stream.Length];
        stream.ReadExactly(bytes);
        ReadOnlySpan<byte> content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        return content.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] ? ReadJson(content, path) : ReadLines(Encoding.UTF8.GetString(content), path);
    }

    private static List<SuppliedSasUri> ReadLines(string text, string path)
    {
        List<SuppliedSasUri> uris = [];
        StringBuilder uri = new();
        int first = 0;
        int last = 0;
        int number = 0;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            string trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
            {
                continue;
            }

            // What does not begin like a URI is the rest of one that an editor or a mail broke into lines.
            if (IsStart(trimmed) || first == 0)
            {
                Finish();
                first = number;
            }
            else
            {
                uri.Append('\n');
            }

            uri.Append(trimmed);
            last = number;
        }

        Finish();
        return uris;

        void Finish()
        {
            if (first > 0)
            {
                uris.Add(new SuppliedSasUri(uri.ToString(), path, first == last ? $"line {first}" : $"lines {first} to {last}"));
                uri.Clear();
            }
        }
    }

    private static bool IsStart(string line) =>
        line.TrimStart('"', '\'', '<') is var start
        && (start.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || start.StartsWith("http://", StringComparison.OrdinalIgnoreCase));

    private static List<SuppliedSasUri> ReadJson(ReadOnlySpan<byte> content, string path)
    {
        List<SuppliedSasUri> uris = [];
        Utf8JsonReader reader = new(content);
        try
        {
            bool isUri = false;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && (isUri || IsStart(reader.GetString()!.Trim())))
                {
                    int line = content[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;
                    uris.Add(new SuppliedSasUri(reader.GetString()!, path, $"line {line}"));
                }

                isUri = reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("uri"u8);
            }
        }
        catch (JsonException exception)
        {
            // The message of the exception may quote the text.
            throw new IOException($"it is not the JSON it begins as (line {(exception.LineNumber ?? 0) + 1})");
        }

        return uris;
    }
}
