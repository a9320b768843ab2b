using System.Globalization;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>An entry or a submenu of GRUB's menu.</summary>
/// <param name="Title">The title.</param>
/// <param name="Id">What follows --id, or the file name of a Boot Loader Specification entry.</param>
/// <param name="Path">The file it stands in.</param>
/// <param name="Body">What it runs.</param>
/// <param name="Children">The entries of a submenu; null for an entry.</param>
/// <param name="Loader">The Boot Loader Specification entry it comes from; null for an entry of the script.</param>
internal sealed record GrubMenuItem(
    string Title,
    string Id,
    string Path,
    IReadOnlyList<GrubStatement> Body,
    IReadOnlyList<GrubMenuItem>? Children,
    LoaderEntry? Loader)
{
    /// <summary>The entries of a menu and its submenus, in order.</summary>
    public static IEnumerable<GrubMenuItem> Flatten(IEnumerable<GrubMenuItem> menu) =>
        menu.SelectMany(item => item.Children is null ? [item] : Flatten(item.Children));

    /// <summary>
    /// The entry the variable default names: a number, a title or an id, for submenus joined by <c>&gt;</c>; the first entry
    /// when it names none (grub-core/normal/menu.c).
    /// </summary>
    public static GrubMenuItem? Select(IReadOnlyList<GrubMenuItem> menu, string wanted)
    {
        if (menu.Count == 0)
        {
            return null;
        }

        // A title may contain the sign itself: the whole text is tried first.
        GrubMenuItem? item = Find(menu, wanted);
        string rest = "";
        int separator = wanted.IndexOf('>', StringComparison.Ordinal);
        if (item is null && separator >= 0)
        {
            item = Find(menu, wanted[..separator]);
            rest = item is null ? "" : wanted[(separator + 1)..];
        }

        item ??= menu[0];
        return item.Children is null ? item : Select(item.Children, rest);
    }

    private static GrubMenuItem? Find(IReadOnlyList<GrubMenuItem> menu, string wanted)
    {
        if (wanted.Length == 0)
        {
            return null;
        }

        if (int.TryParse(wanted, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int index))
        {
            return index < menu.Count ? menu[index] : null;
        }

        // saved_entry of a Boot Loader Specification entry may carry the suffix.
        return menu.FirstOrDefault(item => item.Title == wanted || (item.Id.Length > 0 && (item.Id == wanted || item.Id + ".conf" == wanted)));
    }
}
