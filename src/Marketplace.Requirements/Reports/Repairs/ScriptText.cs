using System.Globalization;
using System.Text;
using Marketplace.DiskImages.FileSystems;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Repairs;

/// <summary>Text of a script that is no command.</summary>
internal static class ScriptText
{
    /// <summary>
    /// Words as they may stand in a comment of a script: nothing in them ends a line, in whatever a shell or an editor takes
    /// for the end of one, and nothing turns the direction of writing to make a line read otherwise than it runs.
    /// </summary>
    public static string Comment(string text)
    {
        StringBuilder line = new(text.Length);
        foreach (char c in text)
        {
            bool shown = !char.IsControl(c) && !char.IsSurrogate(c)
                && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
            line.Append(shown ? c : '?');
        }

        return line.ToString();
    }

    /// <summary>Where a finding is: file and line inside the disk, else the disk.</summary>
    public static string Place(Finding finding) => finding switch
    {
        { PathInDisk.Length: 0 } => finding.File,
        { Line: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{finding.PathInDisk}:{finding.Line}"),
        _ => finding.PathInDisk,
    };

    /// <summary>The bytes of a script for a Linux system: file names keep bytes that are not UTF-8; a NUL, which no command can hold, is left out.</summary>
    public static byte[] EncodeForLinux(string text) => FileName.Encode(text.Replace("\0", "", StringComparison.Ordinal));

    /// <summary>The bytes of a script for Windows PowerShell, which reads UTF-8 only with a byte order mark.</summary>
    public static byte[] EncodeForWindows(string text) =>
        [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\r\n"))];
}
