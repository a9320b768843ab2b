using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Kernels;

/// <summary>The modules of a kernel as modprobe(8) finds them: <c>modules.dep</c> and <c>modules.builtin</c> of depmod(8) in <c>/lib/modules/RELEASE</c>.</summary>
internal sealed class KernelModules
{
    private const int MaxBytes = 16 << 20; // those of distributions have up to 1 MiB

    private static readonly string[] Suffixes = [".ko", ".ko.gz", ".ko.xz", ".ko.zst"];

    private readonly HashSet<string> _builtIn;
    private readonly Dictionary<string, string> _modules;

    private KernelModules(string directory, bool hasIndex, HashSet<string> builtIn, Dictionary<string, string> modules)
    {
        Directory = directory;
        HasIndex = hasIndex;
        _builtIn = builtIn;
        _modules = modules;
    }

    /// <summary>The directory of the kernel.</summary>
    public string Directory { get; }

    /// <summary>Whether there is a modules.dep, without which no module is found.</summary>
    public bool HasIndex { get; }

    /// <summary>Whether there is a modules.builtin, without which a driver that is no module may be part of the kernel.</summary>
    public bool HasBuiltInList { get; private init; }

    /// <summary>Absolute paths of the files of all modules.</summary>
    public IEnumerable<string> Paths => _modules.Values;

    /// <summary>Whether the driver is part of the kernel.</summary>
    public bool IsBuiltIn(string name) => _builtIn.Contains(Normalize(name));

    /// <summary>The absolute path of the file of a module; null when there is no such module.</summary>
    public string? PathOf(string name) => _modules.GetValueOrDefault(Normalize(name));

    /// <summary>The modules of a release; null when it has no directory.</summary>
    /// <exception cref="DiskImages.DiskFormatException">The files cannot be read.</exception>
    public static KernelModules? Read(FileTree tree, string release)
    {
        string? directory = ((string[])["/lib/modules/" + release, "/usr/lib/modules/" + release]).FirstOrDefault(tree.DirectoryExists);
        if (directory is null)
        {
            return null;
        }

        HashSet<string> builtIn = new(StringComparer.Ordinal);
        string? builtInList = tree.ReadAllText(directory + "/modules.builtin", MaxBytes);
        foreach (TextLine line in TextLines.Of(builtInList ?? ""))
        {
            if (NameOf(line.Text.Trim()) is { } name)
            {
                builtIn.Add(name);
            }
        }

        string? index = tree.ReadAllText(directory + "/modules.dep", MaxBytes);
        Dictionary<string, string> modules = new(StringComparer.Ordinal);
        foreach (TextLine line in TextLines.Of(index ?? ""))
        {
            int colon = line.Text.IndexOf(':', StringComparison.Ordinal);
            string path = colon < 0 ? "" : line.Text[..colon].Trim();
            if (NameOf(path) is { } name)
            {
                modules.TryAdd(name, path.StartsWith('/') ? path : directory + "/" + path);
            }
        }

        return new KernelModules(directory, index is not null, builtIn, modules) { HasBuiltInList = builtInList is not null };
    }

    /// <summary>The name of the module a file holds, hyphens as underscores; null when it is no module.</summary>
    public static string? NameOf(string path)
    {
        string file = path[(path.LastIndexOf('/') + 1)..];
        return Suffixes.FirstOrDefault(suffix => file.Length > suffix.Length && file.EndsWith(suffix, StringComparison.Ordinal)) is { } found
            ? Normalize(file[..^found.Length])
            : null;
    }

    /// <summary>A name as the kernel has it: a hyphen is an underscore.</summary>
    public static string Normalize(string name) => name.Replace('-', '_');
}
