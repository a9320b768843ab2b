using System.Text;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>What Windows Setup and sysprep left behind: "Windows Setup states" and "Sysprep log files" (Microsoft Learn).</summary>
/// <param name="RegistryState">ImageState of <c>SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State</c>, upper case; null when missing.</param>
/// <param name="FileState">ImageState of State.ini, upper case; null when missing.</param>
/// <param name="HasTag">Whether sysprep left the file that says it succeeded.</param>
/// <param name="Options">The options of the last run in the log of sysprep, upper case; empty when there is none or it was run in a window.</param>
internal sealed record SysprepState(string? RegistryState, string? FileState, bool HasTag, IReadOnlyList<string> Options)
{
    /// <summary>The state of an image that starts with the welcome on any machine.</summary>
    public const string Generalized = "IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE";

    /// <summary>The value, as people write it.</summary>
    public const string RegistryPath = @"HKLM\SOFTWARE\" + Key + @"\ImageState";

    /// <summary>Path of State.ini.</summary>
    public const string FilePath = "/Windows/Setup/State/State.ini";

    /// <summary>Path of the file that says sysprep succeeded.</summary>
    public const string TagPath = "/Windows/System32/Sysprep/Sysprep_succeeded.tag";

    /// <summary>Path of the log of sysprep.</summary>
    public const string LogPath = "/Windows/System32/Sysprep/Panther/setupact.log";

    private const string Key = @"Microsoft\Windows\CurrentVersion\Setup\State";
    private const int MaxLogTail = 1 << 20; // the last run stands at the end
    private const string RunMark = "Beginning of a new sysprep run";
    private const string OptionMark = "Found supported command line option '";

    /// <summary>Reads all of it.</summary>
    public static SysprepState Read(WindowsSystem system) => new(
        system.FindSoftware(Key).Text("ImageState")?.Trim().ToUpperInvariant(),
        ParseStateFile(WindowsText.Read(system.Tree, FilePath, 1 << 16) ?? ""),
        system.Tree.FileExists(TagPath),
        ParseLog(ReadTail(system.Tree, LogPath)));

    /// <summary>ImageState in the section [State] of an INI file; null when missing.</summary>
    public static string? ParseStateFile(string text)
    {
        bool inSection = false;
        foreach (TextLine line in TextLines.Of(text))
        {
            string trimmed = line.Text.Trim();
            if (trimmed.StartsWith('['))
            {
                inSection = trimmed.Equals("[State]", StringComparison.OrdinalIgnoreCase);
            }
            else if (inSection && trimmed.Split('=', 2) is [var name, var value] && name.Trim().Equals("ImageState", StringComparison.OrdinalIgnoreCase))
            {
                return value.Trim().ToUpperInvariant();
            }
        }

        return null;
    }

    /// <summary>The options of the last run.</summary>
    public static IReadOnlyList<string> ParseLog(string text)
    {
        SortedSet<string> options = new(StringComparer.Ordinal);
        foreach (TextLine line in TextLines.Of(text))
        {
            if (line.Text.Contains(RunMark, StringComparison.Ordinal))
            {
                options.Clear();
            }

            int mark = line.Text.IndexOf(OptionMark, StringComparison.Ordinal);
            int end = mark < 0 ? -1 : line.Text.IndexOf('\'', mark + OptionMark.Length);
            if (end > 0)
            {
                options.Add(line.Text[(mark + OptionMark.Length)..end].ToUpperInvariant());
            }
        }

        return [.. options];
    }

    private static string ReadTail(FileTree tree, string path)
    {
        if (tree.Stat(path) is not { } stat)
        {
            return "";
        }

        byte[] bytes = new byte[(int)Math.Min(stat.Size, MaxLogTail)];
        int read = bytes.Length == 0 ? 0 : tree.Read(path, stat.Size - bytes.Length, bytes);
        return Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Max(0, read)));
    }
}
