using Marketplace.DiskImages;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>
/// The menu of EXTLINUX and SYSLINUX (doc/syslinux.txt and doc/menu.txt of Syslinux): keywords without regard to case, LABEL
/// blocks with LINUX or KERNEL and APPEND, an APPEND before the first block for those without one, INCLUDE in place.
/// </summary>
internal sealed class Syslinux
{
    /// <summary>Where the file is.</summary>
    public static readonly string[] Paths =
    [
        "/boot/extlinux/extlinux.conf", "/boot/extlinux.conf", "/boot/syslinux/syslinux.cfg", "/boot/syslinux.cfg", "/extlinux.conf",
        "/boot/efi/EFI/BOOT/syslinux.cfg", "/boot/efi/EFI/syslinux/syslinux.cfg", "/efi/EFI/BOOT/syslinux.cfg", "/efi/EFI/syslinux/syslinux.cfg",
    ];

    private const int MaxBytes = 256 * 1024;
    private const int MaxFiles = 32;
    private const int MaxDepth = 16; // MAX_INCLUDE: 16 nested files
    private const int MaxLabels = 2048;

    private readonly FileTree _tree;
    private readonly List<Block> _blocks = [];
    private int _files;
    private (string Text, string Path, int Line) _append = ("", "", 0);
    private string _default = "";
    private string _onTimeout = "";

    private Syslinux(FileTree tree) => _tree = tree;

    /// <summary>Reads the menu; null when the file has no label that starts a kernel.</summary>
    /// <exception cref="DiskFormatException">A file cannot be read, or there are more than are read.</exception>
    public static BootMenu? Read(FileTree tree, string path)
    {
        Syslinux reader = new(tree);
        reader.ReadFile(path, path[..path.LastIndexOf('/')], 0);

        // ONTIMEOUT is what starts by itself; MENU DEFAULT goes before DEFAULT, which may name the menu program.
        Block? chosen = reader.Find(reader._onTimeout)
            ?? reader._blocks.LastOrDefault(block => block.IsMenuDefault)
            ?? reader.Find(reader._default)
            ?? reader._blocks.FirstOrDefault();
        return chosen is not { HasKernel: true }
            ? null
            : new BootMenu(reader.ToEntry(chosen), [.. reader._blocks.Where(block => block != chosen && block.HasKernel).Select(reader.ToEntry)]);
    }

    private Block? Find(string name) => name.Length == 0 ? null : _blocks.FirstOrDefault(block => block.Label == name);

    private BootEntry ToEntry(Block block)
    {
        (string text, string path, int line) = block.Append ?? (_append.Path.Length > 0 ? _append : ("", block.Path, block.Line));

        // APPEND with a hyphen takes the common one away.
        return new BootEntry(block.Title, block.Label, path, line, text == "-" ? "" : text)
        {
            Kernel = Locate(block, block.Kernel),
            InitialRamDisks = [.. block.InitialRamDisks.Select(name => Locate(block, name))],
        };
    }

    private static string Locate(Block block, string name) => name.Length == 0 || name.StartsWith('/') ? name : block.Path[..(block.Path.LastIndexOf('/') + 1)] + name;

    private void ReadFile(string path, string directory, int depth)
    {
        if (depth > MaxDepth || ++_files > MaxFiles)
        {
            throw new DiskFormatException(DiskFormatErrorKind.Unsupported, path, -1, "too many nested INCLUDE lines");
        }

        foreach (TextLine line in TextLines.Of(_tree.ReadAllText(path, MaxBytes) ?? ""))
        {
            string[] words = line.Text.Split([' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0 || words[0][0] == '#')
            {
                continue;
            }

            string keyword = words[0].ToUpperInvariant();
            string value = words.Length > 1 ? words[1] : "";
            if (keyword == "MENU" && value.StartsWith("include ", StringComparison.OrdinalIgnoreCase))
            {
                (keyword, value) = ("INCLUDE", value["include ".Length..].Trim().Split(' ')[0]);
            }

            if (keyword == "INCLUDE")
            {
                ReadFile(value.StartsWith('/') ? value : directory + "/" + value, directory, depth + 1);
            }
            else
            {
                ReadLine(keyword, value, path, line.Number);
            }
        }
    }

    private void ReadLine(string keyword, string value, string path, int line)
    {
        Block? block = _blocks.Count == 0 ? null : _blocks[^1];
        switch (keyword)
        {
            case "DEFAULT":
                _default = value;
                break;
            case "ONTIMEOUT":
                _onTimeout = value;
                break;
            case "LABEL":
                if (_blocks.Count == MaxLabels)
                {
                    throw new DiskFormatException(DiskFormatErrorKind.Unsupported, path, -1, $"more than {MaxLabels} labels");
                }

                _blocks.Add(new Block(value, path, line));
                break;
            case "APPEND" when block is null:
                _append = (value, path, line);
                break;
            case "APPEND":
                block.Append = (value, path, line);
                break;
            case "LINUX" or "KERNEL" when block is not null:
                // KERNEL may start a module of Syslinux as well.
                block.HasKernel = keyword == "LINUX" || !value.EndsWith(".c32", StringComparison.OrdinalIgnoreCase);
                block.Kernel = value;
                break;
            case "INITRD" when block is not null:
                block.InitialRamDisks = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                break;
            case "MENU" when block is not null && value.Equals("default", StringComparison.OrdinalIgnoreCase):
                block.IsMenuDefault = true;
                break;
            case "MENU" when block is not null && value.StartsWith("label ", StringComparison.OrdinalIgnoreCase):
                block.Title = value["label ".Length..].Trim();
                break;
        }
    }

    private sealed class Block(string label, string path, int line)
    {
        public string Label { get; } = label;

        public string Path { get; } = path;

        public int Line { get; } = line;

        public string Title { get; set; } = label;

        public (string Text, string Path, int Line)? Append { get; set; }

        public bool HasKernel { get; set; }

        public string Kernel { get; set; } = "";

        public string[] InitialRamDisks { get; set; } = [];

        public bool IsMenuDefault { get; set; }
    }
}
