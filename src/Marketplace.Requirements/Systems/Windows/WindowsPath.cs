using System.Text.RegularExpressions;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>Paths as the registry of Windows has them.</summary>
internal static partial class WindowsPath
{
    /// <summary>The longest command line of Windows in characters.</summary>
    private const int MaxLength = 32767;

    /// <summary>
    /// The program of a command line, as a path in the tree; null when it is not on the drive C:. Of an unquoted path with spaces the
    /// part that ends with .exe, .sys or .dll counts.
    /// </summary>
    public static string? ToTreePath(string command)
    {
        string text = command.Length <= MaxLength ? command.Trim() : "";
        text = text.StartsWith('"') ? text[1..].Split('"')[0]
            : Program().Match(text) is { Success: true } match ? match.Value
            : text.Split(' ')[0];
        text = text.StartsWith(@"\??\", StringComparison.Ordinal) ? text[4..] : text;
        foreach (string root in (ReadOnlySpan<string>)["%SystemRoot%", "%windir%", @"\SystemRoot"])
        {
            text = text.StartsWith(root, StringComparison.OrdinalIgnoreCase) ? @"C:\Windows" + text[root.Length..] : text;
        }

        if (text.StartsWith("System32\\", StringComparison.OrdinalIgnoreCase))
        {
            text = @"C:\Windows\" + text;
        }

        return text.StartsWith(@"C:\", StringComparison.OrdinalIgnoreCase) && text.IndexOfAny(['\0', '%', '/']) < 0 ? text[2..].Replace('\\', '/') : null;
    }

    /// <summary>The drive letters a text names, upper case, each once: <c>E:\</c>, or <c>E:</c> as the whole text.</summary>
    public static IReadOnlyList<char> DriveLetters(string text)
    {
        SortedSet<char> letters = [];
        foreach (Match match in Drive().Matches(text))
        {
            letters.Add(char.ToUpperInvariant(match.Groups[1].ValueSpan[0]));
        }

        return [.. letters];
    }

    // Neither "http://" nor "HKLM:\" nor a letter within a word names a drive.
    [GeneratedRegex(@"(?<![A-Za-z0-9_%$~.])([A-Za-z]):(?:\\|/(?!/)|(?=\s*$|""|'))", RegexOptions.CultureInvariant)]
    private static partial Regex Drive();

    [GeneratedRegex(@"^[^""]*?\.(?:exe|sys|dll)(?=\s|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Program();
}
