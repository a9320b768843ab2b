using System.Text.RegularExpressions;

namespace Marketplace.Publishing;

/// <summary>Takes signatures, keys and URI queries out of texts that come from elsewhere.</summary>
internal static partial class Redaction
{
    /// <summary>The text without what could open an account.</summary>
    /// <param name="text">A text of a tool or a service.</param>
    public static string Clean(string text) =>
        KeyPattern().Replace(UserInfoPattern().Replace(SignaturePattern().Replace(QueryPattern().Replace(text, "$1?<redacted>"), "$1<redacted>"), "$1"), "<redacted>");

    // The query of any http URI.
    [GeneratedRegex(@"(https?://[^\s?""']+)\?[^\s""']+", RegexOptions.IgnoreCase)]
    private static partial Regex QueryPattern();

    // sig=…, AccountKey=…, SharedAccessSignature=… wherever they stand.
    [GeneratedRegex(@"((?:\bsig|AccountKey|SharedAccessSignature)=)[^\s;&""']+", RegexOptions.IgnoreCase)]
    private static partial Regex SignaturePattern();

    // user:password@ of a registry or a proxy.
    [GeneratedRegex(@"(https?://)[^/\s@""']+@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfoPattern();

    // Account keys are 64 bytes in base64: 86 characters and two equals signs.
    [GeneratedRegex(@"[A-Za-z0-9+/]{86}==")]
    private static partial Regex KeyPattern();
}
