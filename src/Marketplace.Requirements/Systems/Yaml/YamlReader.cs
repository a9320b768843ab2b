using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Marketplace.Requirements.Systems.Yaml;

/// <summary>Reads YAML 1.1 documents of configuration files into nodes; the bounds keep a hostile file from costing more than its bytes.</summary>
internal static class YamlReader
{
    /// <summary>The largest file that is read, in bytes; configuration files have a few hundred.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Sequences and mappings inside each other; readers of the result recurse as deep.</summary>
    public const int MaxDepth = 32;

    /// <summary>Aliases of one document: what they name is visited again for each.</summary>
    public const int MaxAliases = 32;

    /// <summary>The first document of the file at the path; null when there is no file or no mapping in it.</summary>
    /// <exception cref="DiskFormatException">The file cannot be read or is no YAML.</exception>
    public static YamlMap? Read(FileTree tree, string path) =>
        tree.ReadAllText(path, MaxBytes) is { } text ? Parse(path, text) : null;

    /// <summary>Parses a text; null when its first document is no mapping.</summary>
    /// <exception cref="DiskFormatException">The text is no YAML, or exceeds a bound.</exception>
    public static YamlMap? Parse(string path, string text)
    {
        try
        {
            return new Builder(path).Build(new Parser(new Scanner(new StringReader(text), skipComments: true))) as YamlMap;
        }
        catch (YamlException exception)
        {
            throw Fault(path, $"line {exception.Start.Line} is no YAML");
        }
    }

    private static DiskFormatException Fault(string path, string detail) =>
        new(DiskFormatErrorKind.Unsupported, FileName.ToDisplay(path), -1, detail);

    /// <summary>Makes nodes of events, with a stack of its own.</summary>
    private sealed class Builder(string path)
    {
        private readonly Stack<Open> _open = new();
        private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
        private int _aliases;
        private YamlNode? _root;

        public YamlNode? Build(Parser parser)
        {
            while (MoveNext(parser) && parser.Current is { } current and not DocumentEnd)
            {
                int line = (int)Math.Min(current.Start.Line, int.MaxValue);
                switch (current)
                {
                    case Scalar scalar:
                        bool isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is "~" or "null" or "Null" or "NULL";
                        Close(new YamlText(path, line, isNull ? "" : scalar.Value), scalar.Anchor);
                        break;
                    case AnchorAlias alias:
                        if (++_aliases > MaxAliases || !_anchors.TryGetValue(alias.Value.Value, out YamlNode? named))
                        {
                            throw Fault(path, _aliases > MaxAliases ? $"more than {MaxAliases} aliases" : "an alias of nothing that is complete");
                        }

                        Close(named, AnchorName.Empty);
                        break;
                    case MappingStart or SequenceStart:
                        if (_open.Count == MaxDepth)
                        {
                            throw Fault(path, $"more than {MaxDepth} levels");
                        }

                        _open.Push(new Open(current is MappingStart, line, ((NodeEvent)current).Anchor));
                        break;
                    case MappingEnd or SequenceEnd:
                        Open done = _open.Pop();
                        Close(done.IsMap ? new YamlMap(path, done.Line, done.Entries) : new YamlList(path, done.Line, done.Items), done.Anchor);
                        break;
                }
            }

            return _root;
        }

        /// <summary>The next event. The library reports some texts that are no YAML by exceptions of the framework.</summary>
        private bool MoveNext(Parser parser)
        {
            try
            {
                return parser.MoveNext();
            }
            catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or OverflowException)
            {
                throw Fault(path, "it is no YAML");
            }
        }

        private void Close(YamlNode node, AnchorName anchor)
        {
            if (!anchor.IsEmpty)
            {
                _anchors[anchor.Value] = node;
            }

            if (!_open.TryPeek(out Open? parent))
            {
                _root = node;
            }
            else if (!parent.IsMap)
            {
                parent.Items.Add(node);
            }
            else if (parent.Key is not { } key)
            {
                // A key that is no scalar is none of a configuration file.
                parent.Key = (node as YamlText)?.Value ?? "";
            }
            else
            {
                if (key == "<<" && node is YamlMap merged)
                {
                    foreach ((string name, YamlNode value) in merged.Entries)
                    {
                        parent.Entries.TryAdd(name, value);
                    }
                }
                else
                {
                    parent.Entries[key] = node;
                }

                parent.Key = null;
            }
        }

        private sealed class Open(bool isMap, int line, AnchorName anchor)
        {
            public bool IsMap { get; } = isMap;

            public int Line { get; } = line;

            public AnchorName Anchor { get; } = anchor;

            public List<YamlNode> Items { get; } = [];

            public Dictionary<string, YamlNode> Entries { get; } = new(StringComparer.Ordinal);

            public string? Key { get; set; }
        }
    }
}
