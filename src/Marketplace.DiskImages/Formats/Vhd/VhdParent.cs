using System.Text;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Formats.Vhd;

/// <summary>Finds the parent of a differencing disk by its identifier, among the names the child has for it.</summary>
internal static class VhdParent
{
    /// <summary>File systems keep times as coarse as this.</summary>
    private static readonly TimeSpan TimeTolerance = TimeSpan.FromSeconds(2);

    /// <summary>Opens the parent.</summary>
    /// <param name="child">The child.</param>
    /// <param name="header">Its header.</param>
    /// <exception cref="DiskFormatException">No file has the identifier, or the parent is damaged.</exception>
    public static DiskContent Open(ImageFile child, VhdDynamicHeader header)
    {
        HashSet<string> tried = [];
        string? other = null;
        foreach (string? name in Candidates(child, header))
        {
            if (name is null || !tried.Add(name) || child.TryOpen(name, VhdFormat.LocatorStructure) is not { } parent)
            {
                continue;
            }

            VhdFooter? footer = VhdDisk.FindFooter(parent.Content);
            if (footer?.UniqueId == header.ParentUniqueId)
            {
                NoteTime(child, header, parent, footer);
                return DiskOpener.OpenParent(parent);
            }

            other = $"'{FileName.ToDisplay(name)}' is {(footer is null ? "no VHD" : $"the disk {footer.UniqueId}")}";
        }

        throw other is null
            ? DiskFormatException.Unsupported(VhdFormat.LocatorStructure, VhdFormat.ParentLocatorsOffset, $"the parent {Describe(header)} is not in the folder of the image")
            : DiskFormatException.Corrupt(VhdFormat.LocatorStructure, VhdFormat.ParentLocatorsOffset, $"the parent is the disk {header.ParentUniqueId}, and {other}");
    }

    // The relative path first: it is the one that is still right after the files were moved together.
    private static IEnumerable<string?> Candidates(ImageFile child, VhdDynamicHeader header)
    {
        foreach (VhdParentLocator locator in Locators(header, "W2ru"))
        {
            yield return ParentName.FromRelative(child, Encoding.Unicode.GetString(Read(child.Content, locator)).TrimEnd('\0'));
        }

        foreach (VhdParentLocator locator in Locators(header, "W2ku"))
        {
            yield return ParentName.FromAbsolute(child, Encoding.Unicode.GetString(Read(child.Content, locator)).TrimEnd('\0'));
        }

        foreach (VhdParentLocator locator in Locators(header, "MacX"))
        {
            yield return ParentName.FromAbsolute(child, Uri.UnescapeDataString(Encoding.UTF8.GetString(Read(child.Content, locator)).TrimEnd('\0')));
        }

        yield return ParentName.FromAbsolute(child, header.ParentUnicodeName);
    }

    private static IEnumerable<VhdParentLocator> Locators(VhdDynamicHeader header, string code) => header.ParentLocators.Where(locator => locator.Code == code);

    private static byte[] Read(DiskContent file, VhdParentLocator locator)
    {
        if (locator.Length > VhdFormat.MaxLocatorLength)
        {
            throw DiskFormatException.Corrupt(VhdFormat.LocatorStructure, VhdFormat.ParentLocatorsOffset, $"a path of {locator.Length} bytes");
        }

        if (locator.Offset > (ulong)file.Length || locator.Length > file.Length - (long)locator.Offset)
        {
            throw DiskFormatException.Truncated(VhdFormat.LocatorStructure, (long)Math.Min(locator.Offset, long.MaxValue), $"a path of {locator.Length} bytes, the file has {file.Length}");
        }

        byte[] bytes = new byte[locator.Length];
        file.Read((long)locator.Offset, bytes);
        return bytes;
    }

    // What is recorded is the time of the parent's file or, by some tools, that of its footer.
    private static void NoteTime(ImageFile child, VhdDynamicHeader header, ImageFile parent, VhdFooter footer)
    {
        bool same = (footer.TimeStamp - header.ParentTimeStamp).Duration() <= TimeTolerance
            || (parent.Changed is { } changed && (changed - header.ParentTimeStamp).Duration() <= TimeTolerance);
        if (!same)
        {
            child.Note($"the parent '{FileName.ToDisplay(parent.RelativePath)}' is recorded with the time {header.ParentTimeStamp:yyyy-MM-dd HH:mm:ss}Z, which is neither that of its file nor that of its footer: it may have been changed after this disk was made from it");
        }
    }

    private static string Describe(VhdDynamicHeader header) =>
        header.ParentUnicodeName.Length > 0 ? $"'{FileName.ToDisplay(header.ParentUnicodeName)}' ({header.ParentUniqueId})" : header.ParentUniqueId.ToString();
}
