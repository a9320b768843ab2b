using System.Text.RegularExpressions;

namespace Marketplace.Build.Tasks.Diagnostics;

/// <summary>The last gate before a text reaches a log: blanks signatures and account keys, whoever wrote the text.</summary>
internal static partial class SecretRedactor
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Replacement = "[hidden]";

    /// <summary>Returns the text without signatures and account keys.</summary>
    /// <param name="text">Any text.</param>
    public static string Redact(string text) => SecretValue().Replace(text, $"$1{Replacement}");

    // A SAS signature, a key of a connection string, and the Authorization header of a storage request.
    [GeneratedRegex(@"(\bsig=|\bAccountKey=|\bSharedAccessSignature=|\bSharedKey [a-z0-9-]{3,24}:|\bBearer )[^\s&;""'<>]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretValue();
}
