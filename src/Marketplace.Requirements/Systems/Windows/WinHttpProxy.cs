using System.Buffers.Binary;
using System.Text;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>The proxy of WinHTTP, by which services reach the web: the value <c>WinHttpSettings</c>, as netsh winhttp writes it.</summary>
/// <param name="Server">The proxy server; empty when there is none.</param>
/// <param name="ScriptUrl">Where the script is that chooses one; empty when there is none.</param>
internal sealed record WinHttpProxy(string Server, string ScriptUrl)
{
    // dwStructSize or version, change counter, PROXY_TYPE flags, then three texts: length and bytes of proxy, bypass list, script.
    private const int FlagsOffset = 8;
    private const int TextsOffset = 12;
    private const uint UsesServer = 2; // PROXY_TYPE_PROXY
    private const uint UsesScript = 4; // PROXY_TYPE_AUTO_PROXY_URL

    /// <summary>Reads the value; null when a text in it is longer than the value. A value that is too short for flags is none.</summary>
    public static WinHttpProxy? Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length < TextsOffset)
        {
            return new WinHttpProxy("", "");
        }

        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(data[FlagsOffset..]);
        ReadOnlySpan<byte> rest = data[TextsOffset..];
        return TakeText(ref rest) is { } server && TakeText(ref rest) is not null && TakeText(ref rest) is { } script
            ? new WinHttpProxy((flags & UsesServer) != 0 ? server : "", (flags & UsesScript) != 0 ? script : "")
            : null;
    }

    // A missing length is that of an empty text: older versions end earlier.
    private static string? TakeText(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < sizeof(uint))
        {
            rest = [];
            return "";
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        rest = rest[sizeof(uint)..];
        if (length > rest.Length)
        {
            return null;
        }

        string text = Encoding.Latin1.GetString(rest[..(int)length]);
        rest = rest[(int)length..];
        return text.TrimEnd('\0');
    }
}
