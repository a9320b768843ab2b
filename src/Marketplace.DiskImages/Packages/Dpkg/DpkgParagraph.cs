namespace Marketplace.DiskImages.Packages.Dpkg;

/// <summary>What a paragraph of a dpkg database says of a package (deb-control(5)).</summary>
/// <param name="Name">Package.</param>
/// <param name="Status">Status: three words; empty where the database keeps none.</param>
/// <param name="Version">Version.</param>
/// <param name="Architecture">Architecture.</param>
internal readonly record struct DpkgParagraph(string Name, string Status, string Version, string Architecture)
{
    /// <summary>The states in which the files are there and configured; the last two only have triggers to run.</summary>
    private static readonly string[] InstalledStates = ["installed", "triggers-awaited", "triggers-pending"];

    private static readonly string[] UnfinishedStates = ["half-installed", "unpacked", "half-configured"];

    /// <summary>Whether the package is installed: the third word of the status, or no status at all.</summary>
    public bool IsInstalled => Status.Length == 0 || InstalledStates.Contains(Status[(Status.LastIndexOf(' ') + 1)..], StringComparer.Ordinal);

    /// <summary>Whether dpkg stopped between unpacking the package and configuring it (dpkg(1), Package states).</summary>
    public bool IsUnfinished => UnfinishedStates.Contains(Status[(Status.LastIndexOf(' ') + 1)..], StringComparer.Ordinal);

    /// <summary>Reads the paragraphs of a text one by one.</summary>
    /// <param name="text">Paragraphs of fields; lines that begin with a blank continue a field.</param>
    /// <param name="path">The file, for errors.</param>
    /// <exception cref="DiskFormatException">A line is no field, or a paragraph names no package, or an installed package has no version.</exception>
    public static IEnumerable<DpkgParagraph> Parse(string text, string path)
    {
        DpkgParagraph current = new("", "", "", "");
        bool isOpen = false;
        int number = 0;
        for (int start = 0; start < text.Length; number++)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            ReadOnlySpan<char> line = text.AsSpan(start, end - start).TrimEnd();
            start = end + 1;
            if (line.IsEmpty)
            {
                if (isOpen)
                {
                    yield return Check(current, path, number);
                }

                current = new DpkgParagraph("", "", "", "");
                isOpen = false;
            }
            else if (line[0] is not (' ' or '\t'))
            {
                current = Add(current, line, path, number);
                isOpen = true;
            }
        }

        if (isOpen)
        {
            yield return Check(current, path, number);
        }
    }

    private static DpkgParagraph Add(DpkgParagraph paragraph, ReadOnlySpan<char> line, string path, int number)
    {
        int colon = line.IndexOf(':');
        if (colon <= 0 || line[..colon].ContainsAny(' ', '\0'))
        {
            throw DiskFormatException.Corrupt(path, -1, $"line {number + 1} is no field");
        }

        ReadOnlySpan<char> name = line[..colon];
        ReadOnlySpan<char> value = line[(colon + 1)..].Trim();
        return Is(name, "Package") ? paragraph with { Name = value.ToString() }
            : Is(name, "Status") ? paragraph with { Status = value.ToString() }
            : Is(name, "Version") ? paragraph with { Version = value.ToString() }
            : Is(name, "Architecture") ? paragraph with { Architecture = value.ToString() }
            : paragraph;

        static bool Is(ReadOnlySpan<char> name, string field) => name.Equals(field, StringComparison.OrdinalIgnoreCase);
    }

    private static DpkgParagraph Check(DpkgParagraph paragraph, string path, int number)
    {
        if (paragraph.Name.Length == 0)
        {
            throw DiskFormatException.Corrupt(path, -1, $"the paragraph that ends in line {number} names no package");
        }

        return !paragraph.IsInstalled || paragraph.Version.Length > 0
            ? paragraph
            : throw DiskFormatException.Corrupt(path, -1, $"the paragraph that ends in line {number} has no version");
    }
}
