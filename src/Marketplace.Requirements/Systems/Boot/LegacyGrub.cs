using System.Globalization;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>grub.conf or menu.lst of GRUB 0.97: <c>default</c>, then <c>title</c> blocks with a <c>kernel</c> line.</summary>
internal static class LegacyGrub
{
    /// <summary>Where the file is.</summary>
    public static readonly string[] Paths = ["/boot/grub/grub.conf", "/boot/grub/menu.lst", "/etc/grub.conf"];

    /// <summary>Where <c>savedefault</c> and grub-set-default(8) write the number of an entry: the first line.</summary>
    public const string SavedPath = "/boot/grub/default";

    /// <summary>The largest such file that is read; the number is followed by some lines of text.</summary>
    public const int MaxSavedBytes = 4096;

    /// <summary>The menu; null when the text has no entry with a kernel.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    /// <param name="saved">Reads the text of <see cref="SavedPath"/>; null when there is none.</param>
    public static BootMenu? Parse(string path, string text, Func<string?> saved)
    {
        List<BootEntry?> entries = [];
        string title = "";
        int chosen = 0;
        foreach (TextLine line in TextLines.Of(text))
        {
            string trimmed = line.Text.Trim();
            int end = trimmed.AsSpan().IndexOfAny(" \t=");
            if (end <= 0 || trimmed[0] == '#')
            {
                continue;
            }

            string value = trimmed[end..].TrimStart(' ', '\t', '=').Trim();
            switch (trimmed[..end].ToUpperInvariant())
            {
                case "DEFAULT":
                    value = value == "saved" ? (saved() ?? "").Split('\n')[0].Trim() : value;
                    chosen = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
                    break;
                case "TITLE":
                    title = value;
                    entries.Add(null);
                    break;
                case "KERNEL" when entries.Count > 0 && entries[^1] is null:
                    entries[^1] = new BootEntry(title, "", path, line.Number, ArgumentsOf(value)) { Kernel = value.Split([' ', '\t'], 2)[0] };
                    break;
                case "INITRD" when entries.Count > 0 && entries[^1] is { } entry:
                    entries[^1] = entry with { InitialRamDisks = value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) };
                    break;
            }
        }

        BootEntry? selected = chosen < entries.Count ? entries[chosen] : entries.FirstOrDefault();
        return selected is null ? null : new BootMenu(selected, [.. entries.OfType<BootEntry>().Where(entry => entry != selected)]);
    }

    private static string ArgumentsOf(string value)
    {
        int blank = value.AsSpan().IndexOfAny(' ', '\t');
        return blank < 0 ? "" : value[(blank + 1)..].Trim();
    }
}
