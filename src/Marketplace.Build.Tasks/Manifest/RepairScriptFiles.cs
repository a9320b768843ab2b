using System.Text;
using Marketplace.Requirements.Model;

namespace Marketplace.Build.Tasks.Manifest;

/// <summary>The repair script among the files of a build.</summary>
/// <param name="directory">Absolute path of the folder it is written to.</param>
internal sealed class RepairScriptFiles(string directory)
{
    private const int HeadBytes = 1024;

    /// <summary>Where a script of an earlier build can be.</summary>
    public IReadOnlyList<string> Paths { get; } = [Path.Combine(directory, RepairScript.ShellFileName), Path.Combine(directory, RepairScript.PowerShellFileName)];

    /// <summary>Where a script is written to.</summary>
    public string PathOf(RepairScript script) => Path.Combine(directory, script.FileName);

    /// <summary>Deletes the script of an earlier build; a file of another origin stays.</summary>
    public static void Delete(string path)
    {
        if (File.Exists(path) && IsOurs(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Writes a script that its owner can run.</summary>
    /// <exception cref="IOException">A file of another origin has the name.</exception>
    public static void Write(string path, RepairScript script)
    {
        if (File.Exists(path) && !IsOurs(path))
        {
            throw new IOException("a file that this SDK did not write has the name of the repair script. Move it, or set VmImageRepairScriptDirectory to another folder.");
        }

        File.WriteAllBytes(path, script.Content.ToArray());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
    }

    private static bool IsOurs(string path)
    {
        byte[] head = new byte[HeadBytes];
        using FileStream file = File.OpenRead(path);
        return Encoding.UTF8.GetString(head, 0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)).Contains(RepairScript.Mark, StringComparison.Ordinal);
    }
}
