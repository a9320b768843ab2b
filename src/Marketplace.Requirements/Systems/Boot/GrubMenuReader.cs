using System.Text;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>
/// Runs a grub.cfg as far as its menu depends on it: assignments, conditions on variables and files, for loops, load_env, source,
/// menuentry, submenu and blscfg. Every other command succeeds without effect; as a condition it fails.
/// </summary>
internal sealed class GrubMenuReader
{
    // A menu of a hundred kernels has 300 KiB; the words of a file take a hundred times its size.
    private const int MaxFileBytes = 512 * 1024;

    /// <summary>Bytes read in all: files that source each other must not be parsed without end.</summary>
    private const int MaxTotalBytes = 2 * 1024 * 1024;

    private const int MaxCommands = 100_000;
    private const int MaxExpandedChars = 2 * 1024 * 1024;
    private const int MaxValueLength = 64 * 1024;
    private const int MaxSourceDepth = 8;
    private const int MaxEntries = 2048;

    private static readonly string[] LinuxCommands = ["linux", "linux16", "linuxefi"];
    private static readonly string[] InitrdCommands = ["initrd", "initrd16", "initrdefi"];

    private readonly FileTree _tree;
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal)
    {
        // What GRUB itself sets before it reads its configuration.
        ["feature_menuentry_id"] = "y",
        ["feature_timeout_style"] = "y",
        ["feature_default_font_path"] = "y",
        ["feature_all_video_module"] = "y",
        ["feature_platform_search_hint"] = "y",
        ["feature_chainloader_bpb"] = "y",
        ["feature_ntldr"] = "y",
        ["feature_nativedisk_cmd"] = "y",
        ["feature_200_final"] = "y",
        ["grub_platform"] = "pc",
        ["grub_cpu"] = "i386",
    };

    private readonly Stack<List<GrubMenuItem>> _menus = new();
    private int _commands;
    private int _expanded;
    private int _bytes;
    private int _entries;
    private GrubKernelLine? _kernel;
    private string[] _initialRamDisks = [];
    private string _path = "";

    private GrubMenuReader(FileTree tree) => _tree = tree;

    /// <summary>Reads the menu of a configuration; null when it has no entry that starts a kernel.</summary>
    /// <exception cref="DiskFormatException">Something the menu depends on cannot be read, or the script is beyond all bounds.</exception>
    public static BootMenu? Read(FileTree tree, string path)
    {
        GrubMenuReader reader = new(tree);
        string directory = path[..path.LastIndexOf('/')];
        reader._variables["prefix"] = directory;
        reader._variables["config_directory"] = directory;
        List<GrubMenuItem> menu = [];
        reader._menus.Push(menu);
        reader.RunFile(path, 0);
        GrubMenuItem? chosen = GrubMenuItem.Select(menu, reader._variables.GetValueOrDefault("default", ""));
        BootEntry? defaultEntry = chosen is null ? null : reader.ToEntry(chosen);
        if (defaultEntry is null)
        {
            return null;
        }

        // Other entries only explain where else an argument stands.
        BootEntry[] others = [.. GrubMenuItem.Flatten(menu).Where(item => item != chosen).Take(64).Select(reader.ToEntry).OfType<BootEntry>()];
        return new BootMenu(defaultEntry, others);
    }

    private BootEntry? ToEntry(GrubMenuItem item)
    {
        if (item.Loader is { } loader)
        {
            return new BootEntry(item.Title, item.Id, loader.Path, loader.OptionsLine, ExpandOptions(loader.Options))
            {
                Kernel = ExpandOptions(loader.Kernel),
                InitialRamDisks = ExpandOptions(string.Join(' ', loader.InitialRamDisks)).Split(' ', StringSplitOptions.RemoveEmptyEntries),
                IsUnified = loader.IsUnified,
            };
        }

        Dictionary<string, string> saved = new(_variables, StringComparer.Ordinal);
        _kernel = null;
        _initialRamDisks = [];
        _path = item.Path;
        _menus.Push([]);
        Run(item.Body, 0);
        _menus.Pop();
        _variables.Clear();
        foreach ((string name, string value) in saved)
        {
            _variables[name] = value;
        }

        return _kernel is { } kernel ? new BootEntry(item.Title, item.Id, kernel.Path, kernel.Line, kernel.Arguments) { Kernel = kernel.File, InitialRamDisks = _initialRamDisks } : null;
    }

    private void RunFile(string path, int depth)
    {
        if (depth > MaxSourceDepth || ReadText(path, MaxFileBytes) is not { } text)
        {
            return;
        }

        string outer = _path;
        _path = path;
        Run(GrubScript.Parse(path, text), depth);
        _path = outer;
    }

    private string? ReadText(string path, int maxBytes)
    {
        string? text = _tree.ReadAllText(path, maxBytes);
        _bytes += text?.Length ?? 0;
        return _bytes <= MaxTotalBytes ? text : throw Unbounded("the files of the script are too large together");
    }

    private bool Run(IReadOnlyList<GrubStatement> statements, int depth)
    {
        bool success = true;
        foreach (GrubStatement statement in statements)
        {
            success = statement switch
            {
                GrubIf branches => RunIf(branches, depth),
                GrubFor loop => RunFor(loop, depth),
                _ => RunCommand((GrubCommand)statement, depth),
            };
        }

        return success;
    }

    private bool RunIf(GrubIf statement, int depth)
    {
        foreach (GrubBranch branch in statement.Branches)
        {
            if (branch.Condition.Count == 0 || Run(branch.Condition, depth))
            {
                return Run(branch.Body, depth);
            }
        }

        return true;
    }

    private bool RunFor(GrubFor loop, int depth)
    {
        bool success = true;
        foreach (string value in Expand(loop.Words))
        {
            CountCommand();
            Store(loop.Variable, value);
            success = Run(loop.Body, depth);
        }

        return success;
    }

    private void CountCommand()
    {
        if (++_commands > MaxCommands)
        {
            throw Unbounded("the script runs too many commands");
        }
    }

    private bool RunCommand(GrubCommand command, int depth)
    {
        CountCommand();
        List<string> words = Expand(command.Words);
        if (words.Count == 0)
        {
            return true;
        }

        string name = words[0];
        switch (name)
        {
            case "[" or "test":
                return GrubTest.Evaluate(words.Skip(1).Where(word => word != "]").ToArray(), FindFile);
            case "true":
                return true;
            case "!":
                return words.Count > 1 && words[1] is "[" or "test" && !GrubTest.Evaluate(words.Skip(2).Where(word => word != "]").ToArray(), FindFile);
            case "set":
                words.Skip(1).ToList().ForEach(Assign);
                return true;
            case "unset":
                words.Skip(1).ToList().ForEach(variable => _variables.Remove(variable));
                return true;
            case "load_env":
                LoadEnvironment(words);
                return true;
            case "source" or "configfile" or "." when words.Count > 1:
                RunFile(Locate(words[1]) ?? words[1], depth + 1);
                return true;
            case "menuentry" or "submenu" when command.Block is not null:
                AddItem(command, words, isSubmenu: name == "submenu", depth);
                return true;
            case "blscfg":
                AddLoaderEntries(words.Count > 1 ? words[1] : "");
                return true;
        }

        if (LinuxCommands.Contains(name))
        {
            _kernel = new GrubKernelLine(_path, command.Line, words.Count > 1 ? words[1] : "", string.Join(' ', words.Skip(2).Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word)));
            return true;
        }

        if (InitrdCommands.Contains(name))
        {
            _initialRamDisks = [.. words.Skip(1).Where(word => !word.StartsWith("--", StringComparison.Ordinal))];
            return true;
        }

        if (words.Count == 1 && name.IndexOf('=', StringComparison.Ordinal) > 0)
        {
            Assign(name);
            return true;
        }

        return false;
    }

    private void AddItem(GrubCommand command, List<string> words, bool isSubmenu, int depth)
    {
        if (++_entries > MaxEntries)
        {
            throw Unbounded("the menu has too many entries");
        }

        string title = words.Count > 1 ? words[1] : "";
        string id = "";
        for (int i = 2; i < words.Count; i++)
        {
            id = words[i] == "--id" && i + 1 < words.Count ? words[i + 1] : words[i].StartsWith("--id=", StringComparison.Ordinal) ? words[i]["--id=".Length..] : id;
        }

        List<GrubMenuItem>? children = null;
        if (isSubmenu)
        {
            children = [];
            _menus.Push(children);
            Run(command.Block!, depth);
            _menus.Pop();
        }

        _menus.Peek().Add(new GrubMenuItem(title, id, _path, command.Block!, children, null));
    }

    private void AddLoaderEntries(string directory)
    {
        string? found = directory.Length > 0 ? Locate(directory) : LoaderEntry.Directories.FirstOrDefault(_tree.DirectoryExists);
        foreach (LoaderEntry entry in found is null ? [] : LoaderEntry.ReadAll(_tree, found))
        {
            _menus.Peek().Add(new GrubMenuItem(entry.Title, entry.Name, entry.Path, [], null, entry));
        }
    }

    private void LoadEnvironment(List<string> words)
    {
        int file = words.FindIndex(word => word is "-f" or "--file");
        string name = file >= 0 && file + 1 < words.Count ? words[file + 1] : _variables.GetValueOrDefault("prefix", "") + "/grubenv";
        if ((Locate(name) is { } path ? ReadText(path, GrubEnvironmentBlock.MaxBytes) : null) is not { } text)
        {
            return;
        }

        foreach ((string variable, string value) in GrubEnvironmentBlock.Parse(text))
        {
            Store(variable, value);
        }
    }

    private void Assign(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            Store(assignment[..equals], assignment[(equals + 1)..]);
        }
    }

    private void Store(string name, string value)
    {
        // Where GRUB finds its files is not where they are mounted; both stay as they were set here.
        if (name is "prefix" or "config_directory" or "root")
        {
            return;
        }

        if (value.Length > MaxValueLength)
        {
            throw Unbounded($"the variable {Engine.Evidence.Quote(name)} grows too long");
        }

        _variables[name] = value;
    }

    /// <summary>The path in the tree of a file GRUB names: as it stands, or below /boot when that is a file system of its own.</summary>
    private string? Locate(string path)
    {
        // "(hd0,gpt1)/boot/…" names the device too.
        string plain = path.StartsWith('(') && path.IndexOf(')', StringComparison.Ordinal) is > 0 and int close ? path[(close + 1)..] : path;
        return ((string[])[plain, "/boot" + plain]).FirstOrDefault(candidate => candidate.StartsWith('/') && _tree.Stat(candidate) is not null);
    }

    private FileStat? FindFile(string path) => Locate(path) is { } found ? _tree.Stat(found) : null;

    private string ExpandOptions(string options)
    {
        GrubWord[] words = [.. GrubToken.Split(options.Replace("\"", "\\\"", StringComparison.Ordinal)).Select(token => token.Word).OfType<GrubWord>()];
        return string.Join(' ', Expand(words));
    }

    private List<string> Expand(IReadOnlyList<GrubWord> words)
    {
        List<string> result = [];
        foreach (GrubWord word in words)
        {
            StringBuilder current = new();
            bool any = false;
            foreach (GrubPiece piece in word.Pieces)
            {
                string value = piece.IsVariable ? _variables.GetValueOrDefault(piece.Text, "") : piece.Text;
                _expanded += value.Length + 1;
                if (_expanded > MaxExpandedChars)
                {
                    throw Unbounded("the variables of the script grow too long");
                }

                if (!piece.IsVariable || piece.IsQuoted)
                {
                    current.Append(value);
                    any = true;
                    continue;
                }

                // The value of an unquoted variable is split at blanks.
                string[] parts = value.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
                for (int i = 0; i < parts.Length; i++)
                {
                    if (i > 0)
                    {
                        result.Add(current.ToString());
                        current.Clear();
                    }

                    current.Append(parts[i]);
                    any = true;
                }
            }

            if (any)
            {
                result.Add(current.ToString());
            }
        }

        return result;
    }

    private DiskFormatException Unbounded(string detail) => new(DiskFormatErrorKind.Unsupported, _path, -1, detail);

    private sealed record GrubKernelLine(string Path, int Line, string File, string Arguments);
}
