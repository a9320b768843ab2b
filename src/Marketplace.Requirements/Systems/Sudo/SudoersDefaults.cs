using System.Text;
using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Sudo;

/// <summary>A setting of a Defaults line of sudoers that counts.</summary>
/// <param name="Scope">What follows <c>Defaults</c>: empty for everyone, else <c>:user</c>, <c>@host</c>, <c>&gt;runas</c> or <c>!command</c>.</param>
/// <param name="IsOn">Whether the flag is on.</param>
/// <param name="Path">The file.</param>
/// <param name="Line">The first line of the setting, from 1.</param>
/// <param name="Text">The setting as it stands, joined.</param>
/// <param name="IsJoined">Whether it stands on several lines.</param>
internal sealed record SudoersFlag(string Scope, bool IsOn, string Path, int Line, string Text, bool IsJoined);

/// <summary>
/// Flags of Defaults lines as sudoers(5) reads them: lines that a backslash joins, comments, <c>@include</c> and <c>#include</c> in
/// place, directories in the order of names without a dot or a tilde at the end; the last setting of a scope counts.
/// </summary>
internal sealed class SudoersDefaults
{
    private const int MaxDepth = 128; // sudo, MAX_SUDOERS_DEPTH
    private const int MaxFiles = 512;
    private const int MaxBytes = 1 << 20;
    private const int MaxTotalBytes = 4 << 20;

    private readonly Dictionary<string, SudoersFlag> _scopes = new(StringComparer.Ordinal);
    private readonly FileTree _tree;
    private readonly string _flag;
    private int _files;
    private int _bytes;

    private SudoersDefaults(FileTree tree, string flag)
    {
        _tree = tree;
        _flag = flag;
    }

    /// <summary>The last setting of a flag in each scope that sets it.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="flag">The flag, for example <c>targetpw</c>.</param>
    /// <exception cref="DiskFormatException">A file cannot be read, or includes nest too deep.</exception>
    public static IReadOnlyCollection<SudoersFlag> Find(FileTree tree, string flag)
    {
        SudoersDefaults reader = new(tree, flag);
        if (((string[])["/etc/sudoers", "/usr/etc/sudoers"]).FirstOrDefault(tree.FileExists) is { } path)
        {
            reader.ReadFile(path, depth: 0);
        }

        return reader._scopes.Values;
    }

    private void ReadFile(string path, int depth)
    {
        string text = _tree.ReadAllText(path, MaxBytes) ?? "";
        _bytes += text.Length;
        if (depth > MaxDepth || ++_files > MaxFiles || _bytes > MaxTotalBytes)
        {
            throw new DiskFormatException(DiskFormatErrorKind.Unsupported, FileName.ToDisplay(path), -1, "too many nested includes");
        }

        StringBuilder joined = new();
        int first = 0;
        foreach (TextLine line in TextLines.Of(text))
        {
            first = joined.Length == 0 ? line.Number : first;
            bool continues = line.Text.EndsWith('\\');
            joined.Append(continues ? line.Text.AsSpan(0, line.Text.Length - 1) : line.Text).Append(' ');
            if (!continues)
            {
                ReadLine(path, first, joined.ToString().Trim(), line.Number > first, depth);
                joined.Clear();
            }
        }

        ReadLine(path, first, joined.ToString().Trim(), isJoined: true, depth);
    }

    private void ReadLine(string path, int number, string line, bool isJoined, int depth)
    {
        string word = line.Split([' ', '\t'], 2)[0];
        if (word is "#include" or "@include" or "#includedir" or "@includedir")
        {
            string target = Unquote(line[word.Length..].Trim());
            target = target.StartsWith('/') ? target : path[..(path.LastIndexOf('/') + 1)] + target;
            IEnumerable<string> files = word.EndsWith("dir", StringComparison.Ordinal)
                ? _tree.List(target).Where(name => !name.EndsWith('~') && !name.Contains('.', StringComparison.Ordinal)).Select(name => $"{target.TrimEnd('/')}/{name}")
                : [target];
            foreach (string file in files.Where(_tree.FileExists))
            {
                ReadFile(file, depth + 1);
            }

            return;
        }

        const string keyword = "Defaults";
        if (!line.StartsWith(keyword, StringComparison.Ordinal) || line.Length == keyword.Length)
        {
            return;
        }

        string rest = line[keyword.Length..];
        string scope = "";
        if (rest[0] is ':' or '@' or '>' or '!')
        {
            int end = EndOfScope(rest);
            scope = string.Concat(rest[..end].Where(c => c is not (' ' or '\t')));
            rest = rest[end..];
        }
        else if (rest[0] is not (' ' or '\t'))
        {
            return;
        }

        foreach (string setting in SplitSettings(rest))
        {
            string plain = setting.TrimStart('!', ' ', '\t');
            if (plain == _flag)
            {
                int negations = setting.AsSpan(0, setting.Length - plain.Length).Count('!');
                _scopes[scope] = new SudoersFlag(scope, negations % 2 == 0, path, number, line, isJoined);
            }
        }
    }

    /// <summary>Where the list of a scope ends: at the first blank that no comma is next to.</summary>
    private static int EndOfScope(string text)
    {
        bool expectsMore = true;
        int end = 1;
        while (end < text.Length)
        {
            int next = end;
            while (next < text.Length && (text[next] is ' ' or '\t'))
            {
                next++;
            }

            if (next > end && !expectsMore && (next == text.Length || text[next] != ','))
            {
                return end;
            }

            expectsMore = next < text.Length && (text[next] is ',' or '!');
            end = next + 1;
        }

        return text.Length;
    }

    /// <summary>The settings between commas, quotes kept together; a comment ends them.</summary>
    private static IEnumerable<string> SplitSettings(string text)
    {
        int start = 0;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
            {
                quoted = !quoted;
            }
            else if (!quoted && text[i] == '#')
            {
                text = text[..i];
            }
            else if (!quoted && text[i] == ',')
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        yield return text[Math.Min(start, text.Length)..].Trim();
    }

    private static string Unquote(string text) =>
        text.Length > 1 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text.Replace("\\ ", " ", StringComparison.Ordinal);
}
