using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Kernels;

/// <summary>What keeps a module from being loaded.</summary>
/// <param name="Path">The file; empty for the kernel line.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Text">The line.</param>
internal sealed record ModuleBlock(string Path, int Line, string Text)
{
    /// <summary>Whether the text is one whole line of the file.</summary>
    public bool IsWholeLine { get; init; } = true;

    /// <summary>Whether what happens instead cannot be told: a command that is not known.</summary>
    public bool IsUncertain { get; init; }
}

/// <summary>
/// The files of modprobe.d(5): a file of <c>/etc</c> hides one of the same name in <c>/usr/lib</c>; they are read in the order of their
/// names. <c>blacklist</c> takes away the aliases inside a module, by which udev and mount load it; <c>install</c> runs a command instead.
/// </summary>
internal sealed class ModprobeConfiguration
{
    private const int MaxBytes = 1 << 20;
    private const int MaxFiles = 1024;

    /// <summary>In the order of precedence.</summary>
    private static readonly string[] Directories = ["/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"];

    private static readonly string[] DoingNothing = ["/bin/true", "/bin/false", "/usr/bin/true", "/usr/bin/false", "true", "false", ":", "exit", "/sbin/nologin", "/usr/sbin/nologin", "/bin/echo", "echo", "/usr/bin/echo"];

    private readonly List<(string Keyword, string Name, string Argument, ModuleBlock Block)> _lines = [];

    private ModprobeConfiguration()
    {
    }

    /// <summary>Reads the files.</summary>
    /// <exception cref="DiskImages.DiskFormatException">They cannot be read, or are too many.</exception>
    public static ModprobeConfiguration Read(FileTree tree)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string directory in Directories)
        {
            foreach (string name in tree.List(directory).Where(name => name.EndsWith(".conf", StringComparison.Ordinal)))
            {
                files.TryAdd(name, directory + "/" + name);
            }
        }

        if (files.Count > MaxFiles)
        {
            throw new DiskImages.DiskFormatException(DiskImages.DiskFormatErrorKind.Unsupported, Directories[0], -1, $"more than {MaxFiles} files");
        }

        ModprobeConfiguration configuration = new();
        foreach (string path in files.Values)
        {
            configuration.Parse(path, tree.ReadAllText(path, MaxBytes) ?? "");
        }

        return configuration;
    }

    /// <summary>What keeps the module from being loaded by one of the aliases inside it; null when nothing does.</summary>
    /// <param name="module">Its name.</param>
    /// <param name="aliases">Aliases it is loaded by that a line <c>alias</c> may lead elsewhere.</param>
    public ModuleBlock? FindBlock(string module, params ReadOnlySpan<string> aliases)
    {
        string name = KernelModules.Normalize(module);
        foreach ((string keyword, string pattern, string rest, ModuleBlock block) in _lines)
        {
            bool applies = keyword switch
            {
                "blacklist" => pattern == name,
                "alias" => aliases.Contains(pattern) && KernelModules.Normalize(rest) != name,
                _ => false,
            };
            if (applies)
            {
                return block;
            }
        }

        // The first command for a module counts (libkmod: the list is searched from its start).
        (_, _, string command, ModuleBlock? found) = _lines.FirstOrDefault(line => line.Keyword == "install" && Glob.IsMatch(name, line.Name));
        return found is null || Loads(command) ? null : found with { IsUncertain = !DoingNothing.Contains(command.Split([' ', '\t', ';', '&', '|'], 2)[0]) };
    }

    /// <summary>Parses a file.</summary>
    public void Parse(string path, string text)
    {
        string joined = "";
        int first = 0;
        foreach (TextLine line in TextLines.Of(text))
        {
            first = joined.Length == 0 ? line.Number : first;
            if (line.Text.EndsWith('\\'))
            {
                joined += line.Text[..^1];
                continue;
            }

            Take(path, first, joined + line.Text, joined.Length == 0);
            joined = "";
        }

        Take(path, first, joined, isWholeLine: false);
    }

    private static bool Loads(string command) => command.Contains("modprobe", StringComparison.Ordinal) || command.Contains("insmod", StringComparison.Ordinal);

    private void Take(string path, int number, string line, bool isWholeLine)
    {
        string text = line.Trim();
        string[] words = text.Split([' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length >= 2 && words[0] is "blacklist" or "alias" or "install")
        {
            _lines.Add((words[0], words[0] == "alias" ? words[1] : KernelModules.Normalize(words[1]), words.Length > 2 ? words[2] : "", new ModuleBlock(path, number, text) { IsWholeLine = isWholeLine }));
        }
    }
}
