namespace Marketplace.Requirements.Systems.Yaml;

/// <summary>A node of a YAML document with the place it stands at.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">Its first line, from 1.</param>
internal abstract record YamlNode(string Path, int Line);

/// <summary>A scalar.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">Its first line, from 1.</param>
/// <param name="Value">Its text; a plain <c>null</c>, <c>~</c> or nothing is the empty text.</param>
internal sealed record YamlText(string Path, int Line, string Value) : YamlNode(Path, Line)
{
    /// <summary>Whether it says yes, as YAML 1.1 has it.</summary>
    public bool IsTrue => Value.ToUpperInvariant() is "TRUE" or "YES" or "ON" or "Y";
}

/// <summary>A sequence.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">Its first line, from 1.</param>
/// <param name="Items">Its items.</param>
internal sealed record YamlList(string Path, int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Path, Line);

/// <summary>A mapping whose keys are scalars; the last value of a key counts.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">Its first line, from 1.</param>
/// <param name="Entries">Its entries.</param>
internal sealed record YamlMap(string Path, int Line, IReadOnlyDictionary<string, YamlNode> Entries) : YamlNode(Path, Line)
{
    /// <summary>A mapping without entries.</summary>
    public static YamlMap Empty { get; } = new("", 0, new Dictionary<string, YamlNode>(StringComparer.Ordinal));

    /// <summary>The value of a key, or null.</summary>
    public YamlNode? Get(string key) => Entries.GetValueOrDefault(key);

    /// <summary>The mapping below a key; empty when there is none.</summary>
    public YamlMap Map(string key) => Get(key) as YamlMap ?? Empty;

    /// <summary>The items of the sequence below a key; none when there is no sequence.</summary>
    public IReadOnlyList<YamlNode> List(string key) => (Get(key) as YamlList)?.Items ?? [];

    /// <summary>The text below a key; empty when there is none.</summary>
    public string Text(string key) => (Get(key) as YamlText)?.Value ?? "";

    /// <summary>This mapping with another on top: mappings are merged, everything else is replaced, or joined when both are sequences and that is asked for.</summary>
    /// <param name="over">The mapping that counts more.</param>
    /// <param name="joinLists">Whether sequences are joined.</param>
    public YamlMap With(YamlMap over, bool joinLists)
    {
        // The depth is that of a parsed document, which is bounded.
        Dictionary<string, YamlNode> entries = new(Entries, StringComparer.Ordinal);
        foreach ((string key, YamlNode value) in over.Entries)
        {
            entries[key] = (entries.GetValueOrDefault(key), value) switch
            {
                (YamlMap below, YamlMap above) => below.With(above, joinLists),
                (YamlList below, YamlList above) when joinLists => above with { Items = [.. below.Items, .. above.Items] },
                _ => value,
            };
        }

        return over with { Entries = entries };
    }
}
