using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Kernels;

/// <summary>The options a kernel was built with: lines <c>CONFIG_NAME=value</c> (Documentation/kbuild/kconfig.rst of the Linux kernel).</summary>
internal sealed class KernelConfig
{
    private const int MaxBytes = 4 << 20; // those of distributions have 300 KiB

    private readonly Dictionary<string, string> _values;

    private KernelConfig(string path, Dictionary<string, string> values)
    {
        Path = path;
        _values = values;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The value of an option: <c>y</c>, <c>m</c>, a number, a text in its quotes; empty when it is not set.</summary>
    /// <param name="name">The name without <c>CONFIG_</c>.</param>
    public string this[string name] => _values.GetValueOrDefault("CONFIG_" + name, "");

    /// <summary>Whether an option is built in or a module.</summary>
    public bool IsEnabled(string name) => this[name] is "y" or "m";

    /// <summary>The configuration of a kernel; null when it is not on the disk.</summary>
    /// <param name="tree">The files.</param>
    /// <param name="paths">Where it may be, in order.</param>
    /// <exception cref="DiskImages.DiskFormatException">It cannot be read.</exception>
    public static KernelConfig? Read(FileTree tree, IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            if (tree.ReadAllText(path, MaxBytes) is { } text && Parse(path, text) is { _values.Count: > 0 } config)
            {
                return config;
            }
        }

        return null;
    }

    /// <summary>Parses the text; the last value of an option counts.</summary>
    public static KernelConfig Parse(string path, string text)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (TextLine line in TextLines.Of(text))
        {
            int equals = line.Text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line.Text.StartsWith("CONFIG_", StringComparison.Ordinal))
            {
                values[line.Text[..equals]] = line.Text[(equals + 1)..].Trim();
            }
        }

        return new KernelConfig(path, values);
    }
}
