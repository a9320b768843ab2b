using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>A section of the description of a group: keys with numbers (<see cref="long"/>), texts (<see cref="string"/>), lists of both, and sections.</summary>
/// <param name="parent">The section around it; null for the whole text.</param>
/// <param name="name">Its name.</param>
internal sealed class LvmSection(LvmSection? parent, string name)
{
    /// <summary>The structure that errors in a description name.</summary>
    public const string Structure = "LVM2 metadata text";

    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly List<(string Name, LvmSection Section)> _sections = [];

    /// <summary>The names from the outermost section to this one. Not kept: many sections share long beginnings.</summary>
    public string Path => parent is null ? name : parent.Path is { Length: > 0 } path ? $"{path}/{name}" : name;

    /// <summary>The sections in this one, in the order of the text.</summary>
    public IReadOnlyList<(string Name, LvmSection Section)> Sections => _sections;

    /// <summary>Adds a value; false when the key is there already.</summary>
    public bool Add(string key, object value)
    {
        if (!_values.TryAdd(key, value))
        {
            return false;
        }

        if (value is LvmSection section)
        {
            _sections.Add((key, section));
        }

        return true;
    }

    public LvmSection? FindSection(string key) => Find<LvmSection>(key, "a section");

    public string? FindText(string key) => Find<string>(key, "a text");

    public string RequireText(string key) => FindText(key) ?? throw Missing(key);

    /// <summary>A number from 0 to the limit.</summary>
    public long RequireNumber(string key, long max)
    {
        long value = _values.TryGetValue(key, out object? found) ? found as long? ?? throw Corrupt($"{key} is not a number") : throw Missing(key);
        return value >= 0 && value <= max ? value : throw Corrupt($"{key} is {value}, not from 0 to {max}");
    }

    /// <summary>A list; a value that stands alone is a list of one.</summary>
    public IReadOnlyList<object> RequireList(string key) => FindList(key) ?? throw Missing(key);

    /// <summary>The words of a list that may be missing.</summary>
    public IReadOnlyList<string> FindWords(string key) => FindList(key) is not { } list ? []
        : [.. list.Select(word => word as string ?? throw Corrupt($"{key} is not a list of words"))];

    /// <summary>A word of a description, fit to be shown in one line.</summary>
    public static string Show(string word) => FileName.ToDisplay(word.Length <= LvmFormat.MaxNameLength ? word : word[..LvmFormat.MaxNameLength]);

    public DiskFormatException Corrupt(string detail) => DiskFormatException.Corrupt(Structure, -1, Path.Length == 0 ? detail : $"{Path}: {detail}");

    public DiskFormatException Unsupported(string detail) => DiskFormatException.Unsupported(Structure, -1, Path.Length == 0 ? detail : $"{Path}: {detail}");

    private DiskFormatException Missing(string key) => Corrupt($"there is no {key}");

    private IReadOnlyList<object>? FindList(string key) =>
        !_values.TryGetValue(key, out object? found) ? null
        : found is IReadOnlyList<object> list ? list
        : found is LvmSection ? throw Corrupt($"{key} is not a list")
        : [found];

    private T? Find<T>(string key, string what)
        where T : class =>
        !_values.TryGetValue(key, out object? found) ? null : found as T ?? throw Corrupt($"{key} is not {what}");
}
