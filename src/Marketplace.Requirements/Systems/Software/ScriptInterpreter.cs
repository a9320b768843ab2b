using System.Text;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Software;

/// <summary>The interpreter that the first line of a script names (execve(2), Interpreter scripts); env(1) looks for one by its name.</summary>
internal static class ScriptInterpreter
{
    private const int LineBytes = 256; // the kernel reads no more: BINPRM_BUF_SIZE, include/uapi/linux/binfmts.h

    /// <summary>Where a service looks for programs (systemd.exec(5), PATH).</summary>
    private static readonly string[] Directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The path or name of an interpreter that is not there; null when it is, or when the file is no script.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="script">A regular file.</param>
    /// <exception cref="DiskImages.DiskFormatException">A file cannot be read.</exception>
    public static string? FindMissing(FileTree tree, string script)
    {
        byte[] head = new byte[LineBytes];
        string text = Encoding.Latin1.GetString(head, 0, Math.Max(0, tree.Read(script, 0, head)));
        if (!text.StartsWith("#!", StringComparison.Ordinal))
        {
            return null;
        }

        string[] words = text[2..].Split('\n')[0].Split([' ', '\t', '\r', '\0'], StringSplitOptions.RemoveEmptyEntries);
        string? program = words is [var first, ..] && first.EndsWith("/env", StringComparison.Ordinal)
            ? words.Skip(1).FirstOrDefault(word => word[0] != '-' && !word.Contains('=', StringComparison.Ordinal))
            : words.FirstOrDefault();
        if (program is null)
        {
            return null;
        }

        IEnumerable<string> paths = program.StartsWith('/') ? [program] : Directories.Select(directory => directory + "/" + program);
        return paths.Any(path => tree.Stat(path) is { Kind: FileKind.Regular, Size: > 0 }) ? null : program;
    }
}
