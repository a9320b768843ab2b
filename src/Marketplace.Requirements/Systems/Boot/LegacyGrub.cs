using System.Globalization;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>grub.conf or menu.lst of GRUB 0.97: <c>default</c>, then <c>title</c> blocks with a <c>kernel</c> line.</summary>
internal static class LegacyGrub
{
    /// <summary>Where the file is.</summary>
    public static readonly string[] Paths = ["/boot/grub/grub.conf", "/boot/grub/menu.lst", "/etc/grub.conf"];

    /// <summary>The menu; null when the text has no entry with a kernel.</summary>
    public static BootMenu? Parse(string path, string text)
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
                    // "saved" depends on what was chosen last; the first entry is the only honest guess.
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
