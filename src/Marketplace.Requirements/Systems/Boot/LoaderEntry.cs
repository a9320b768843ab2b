using Marketplace.DiskImages;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>An entry of the Boot Loader Specification, type 1: a file of <c>key value</c> lines in loader/entries.</summary>
/// <param name="Name">The file name without <c>.conf</c>.</param>
/// <param name="Path">The file.</param>
/// <param name="Title">title; the name when missing.</param>
/// <param name="Options">options, every line of them joined; variables are not resolved.</param>
/// <param name="OptionsLine">The first line with options; 0 when there is none.</param>
/// <param name="HasKernel">Whether it starts a kernel (linux or uki).</param>
internal sealed record LoaderEntry(string Name, string Path, string Title, string Options, int OptionsLine, bool HasKernel)
{
    /// <summary>linux or uki; variables are not resolved.</summary>
    public string Kernel { get; private init; } = "";

    /// <summary>Every name of initrd, in order; variables are not resolved.</summary>
    public IReadOnlyList<string> InitialRamDisks { get; private init; } = [];

    /// <summary>Whether the kernel is a unified kernel image.</summary>
    public bool IsUnified { get; private init; }

    private const int MaxEntries = 1024;
    private const int MaxBytes = 64 * 1024;

    /// <summary>The directories entries are looked for in.</summary>
    public static readonly string[] Directories = ["/boot/loader/entries", "/boot/efi/loader/entries", "/efi/loader/entries"];

    /// <summary>The entries of a directory, the newest version first.</summary>
    /// <exception cref="DiskFormatException">There are more than are read, so the one that boots is not known.</exception>
    public static IReadOnlyList<LoaderEntry> ReadAll(FileTree tree, string directory)
    {
        string[] files = [.. tree.List(directory).Where(name => name.EndsWith(".conf", StringComparison.Ordinal))];
        return files.Length <= MaxEntries
            ? ReadFiles(tree, directory, files)
            : throw new DiskFormatException(DiskFormatErrorKind.Unsupported, directory, -1, $"more than {MaxEntries} boot entries");
    }

    private static IReadOnlyList<LoaderEntry> ReadFiles(FileTree tree, string directory, IEnumerable<string> files) =>
    [
        .. files
            .Select(name => (Path: directory + "/" + name, Name: name[..^".conf".Length]))
            .Select(file => tree.ReadAllText(file.Path, MaxBytes) is { } text ? Parse(file.Path, file.Name, text) : null)
            .OfType<LoaderEntry>()
            .Where(entry => entry.HasKernel)
            .OrderByDescending(entry => entry.Name, Comparer<string>.Create(VersionOrder.CompareEntries)),
    ];

    /// <summary>Parses the text of an entry.</summary>
    public static LoaderEntry Parse(string path, string name, string text)
    {
        string title = name;
        List<string> options = [];
        int optionsLine = 0;
        bool isUnified = false;
        string kernel = "";
        List<string> initialRamDisks = [];
        foreach (TextLine line in TextLines.Of(text))
        {
            string trimmed = line.Text.Trim();
            int blank = trimmed.AsSpan().IndexOfAny(' ', '\t');
            if (blank <= 0 || trimmed[0] == '#')
            {
                continue;
            }

            string value = trimmed[(blank + 1)..].Trim();
            switch (trimmed[..blank])
            {
                case "title":
                    title = value;
                    break;
                case "options":
                    options.Add(value);
                    optionsLine = optionsLine == 0 ? line.Number : optionsLine;
                    break;
                case "linux" or "uki":
                    kernel = value;
                    isUnified = trimmed[0] == 'u';
                    break;
                case "initrd":
                    initialRamDisks.AddRange(value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
                    break;
            }
        }

        return new LoaderEntry(name, path, title, string.Join(' ', options), optionsLine, kernel.Length > 0) { Kernel = kernel, InitialRamDisks = initialRamDisks, IsUnified = isUnified };
    }
}
