using Marketplace.DiskImages;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Ssh;

/// <summary>
/// The options of sshd(8) that hold for every connection, as sshd_config(5) reads them: keywords without regard to case, the
/// first value counts, Include is expanded in place, a Match block ends the part that holds for everyone. What stands after
/// <c>Match all</c> holds for everyone too and takes the place of what stands before (servconf.c: the configuration is read
/// again for each connection, and what its Match blocks set is copied over the rest).
/// </summary>
internal sealed class SshdConfiguration
{
    /// <summary>Nested Includes that sshd follows (servconf.c, SERVCONF_MAX_DEPTH).</summary>
    private const int MaxDepth = 16;

    /// <summary>Files that are read at most, whatever the Includes say.</summary>
    private const int MaxFiles = 512;

    private const int MaxPatterns = 512;
    private const int MaxPatternLength = 4096;
    private const int MaxFileBytes = 1 << 20;
    private const int MaxTotalBytes = 4 << 20;
    private const string IncludeDirectory = "/etc/ssh/";

    private readonly Dictionary<string, SshdOption> _options = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SshdOption> _matchedByAll = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Keyword, SshdOption Option)> _everywhere = [];
    private readonly FileTree _tree;
    private int _files;
    private int _patterns;
    private int _bytes;

    private SshdConfiguration(FileTree tree, string path)
    {
        _tree = tree;
        Path = path;
    }

    /// <summary>The main file; empty when there is none.</summary>
    public string Path { get; }

    /// <summary>Reads the configuration.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="commandLine">What the service gives on the command line; null for nothing.</param>
    /// <exception cref="DiskFormatException">A file cannot be read, or Includes nest too deep.</exception>
    public static SshdConfiguration Read(FileTree tree, SshdCommandLine? commandLine = null)
    {
        commandLine ??= SshdCommandLine.Plain;
        string path = ((string[])[commandLine.ConfigurationPath, "/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config"]).FirstOrDefault(name => name.Length > 0 && tree.FileExists(name)) ?? "";
        SshdConfiguration configuration = new(tree, path);
        foreach ((string text, string file, int line) in commandLine.Options)
        {
            if (SplitLine(text) is [var keyword, ..] words)
            {
                configuration.Add(keyword, new SshdOption([.. words.Skip(1)], file, line, text), Scope.Everyone);
            }
        }

        if (path.Length > 0)
        {
            configuration.ReadFile(path, Scope.Everyone, depth: 0);
        }

        return configuration;
    }

    /// <summary>The option that counts, or null when none is set.</summary>
    public SshdOption? Find(string keyword) => _matchedByAll.GetValueOrDefault(keyword) ?? _options.GetValueOrDefault(keyword);

    /// <summary>Every place that sets an option, for all or some connections, in the order of reading.</summary>
    public IEnumerable<SshdOption> FindEverywhere(string keyword) =>
        _everywhere.Where(item => item.Keyword.Equals(keyword, StringComparison.OrdinalIgnoreCase)).Select(item => item.Option);

    /// <summary>Which connections a line is about.</summary>
    private enum Scope
    {
        Everyone,
        MatchAll,
        Some,
    }

    private void Add(string keyword, SshdOption option, Scope scope)
    {
        _everywhere.Add((keyword, option));
        if (scope != Scope.Some)
        {
            (scope == Scope.MatchAll ? _matchedByAll : _options).TryAdd(keyword, option);
        }
    }

    private void ReadFile(string path, Scope active, int depth)
    {
        if (depth > MaxDepth || ++_files > MaxFiles)
        {
            throw new DiskFormatException(DiskFormatErrorKind.Unsupported, path, -1, "too many nested Include lines");
        }

        string text = _tree.ReadAllText(path, MaxFileBytes) ?? "";
        _bytes += text.Length;
        if (_bytes > MaxTotalBytes)
        {
            throw new DiskFormatException(DiskFormatErrorKind.Unsupported, path, -1, "the included files are too large together");
        }

        // A file included from a Match block that does not hold stays without effect to its end.
        Scope enclosing = active;
        foreach (TextLine line in TextLines.Of(text))
        {
            IReadOnlyList<string> words = SplitLine(line.Text);
            if (words.Count == 0)
            {
                continue;
            }

            IReadOnlyList<string> arguments = [.. words.Skip(1)];
            if (words[0].Equals("Match", StringComparison.OrdinalIgnoreCase))
            {
                active = enclosing != Scope.Some && arguments is [var only] && only.Equals("all", StringComparison.OrdinalIgnoreCase) ? Scope.MatchAll : Scope.Some;
            }
            else if (words[0].Equals("Include", StringComparison.OrdinalIgnoreCase))
            {
                foreach (string included in arguments.SelectMany(Expand))
                {
                    ReadFile(included, active, depth + 1);
                }
            }
            else
            {
                Add(words[0], new SshdOption(arguments, path, line.Number, line.Text), active);
            }
        }
    }

    private IEnumerable<string> Expand(string pattern)
    {
        // A pattern may list many directories and match nothing, so patterns are counted as well as files.
        if (++_patterns > MaxPatterns || pattern.Length > MaxPatternLength)
        {
            throw new DiskFormatException(DiskFormatErrorKind.Unsupported, Path, -1, "too many or too long Include patterns");
        }

        return Glob.Expand(_tree, pattern.StartsWith('/') ? pattern : IncludeDirectory + pattern).Where(_tree.FileExists);
    }

    /// <summary>Keyword and arguments: separated by blanks or one equals sign after the keyword, quotes kept together, a comment ends the line.</summary>
    internal static IReadOnlyList<string> SplitLine(string line)
    {
        List<string> words = [];
        ReadOnlySpan<char> rest = line.AsSpan().Trim();
        if (rest.IsEmpty || rest[0] == '#')
        {
            return words;
        }

        int end = rest.IndexOfAny(" \t=\f");
        words.Add((end < 0 ? rest : rest[..end]).Trim('"').ToString());
        rest = end < 0 ? [] : rest[end..].TrimStart();
        if (!rest.IsEmpty && rest[0] == '=')
        {
            rest = rest[1..].TrimStart();
        }

        while (!rest.IsEmpty && rest[0] != '#')
        {
            if (rest[0] is '"' or '\'')
            {
                int close = rest[1..].IndexOf(rest[0]);
                words.Add((close < 0 ? rest[1..] : rest.Slice(1, close)).ToString());
                rest = close < 0 ? [] : rest[(close + 2)..].TrimStart();
            }
            else
            {
                int blank = rest.IndexOfAny(" \t\f");
                words.Add((blank < 0 ? rest : rest[..blank]).ToString());
                rest = blank < 0 ? [] : rest[blank..].TrimStart();
            }
        }

        return words;
    }
}
