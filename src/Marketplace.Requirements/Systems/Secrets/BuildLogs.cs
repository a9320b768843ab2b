using System.Buffers.Binary;
using System.Text;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Secrets;

/// <summary>A log that is left.</summary>
/// <param name="Path">The file.</param>
/// <param name="RecordsSignIns">Whether it says who signed in and from where.</param>
internal sealed record BuildLog(string Path, bool RecordsSignIns);

/// <summary>Logs of the machine the image was built on: whatever boots writes some; those of sign-ins name people and addresses.</summary>
internal static class BuildLogs
{
    private const string Directory = "/var/log";
    private const int MaxFiles = 512;

    /// <summary>The part of a log that is looked at for sign-ins.</summary>
    private const int HeadBytes = 256 * 1024;

    private const int RecordLength = 384; // utmp(5), struct utmp
    private const short UserProcess = 7; // ut_type USER_PROCESS: somebody signed in

    // Messages of sshd and login(1).
    private static readonly string[] SignIns = ["Accepted password for", "Accepted publickey for", "Accepted keyboard-interactive", "LOGIN ON ", "res=success"];

    /// <summary>Finds them, in the directory of logs and the directories below it.</summary>
    /// <exception cref="DiskImages.DiskFormatException">A directory or file cannot be read.</exception>
    public static IEnumerable<BuildLog> Find(FileTree tree)
    {
        IReadOnlyList<string> names = tree.List(Directory);
        IEnumerable<string> paths = names.Take(MaxFiles).Select(name => $"{Directory}/{name}");
        foreach (string path in paths.SelectMany(path => tree.LinkStat(path) is { Kind: FileKind.Directory } ? tree.List(path).Take(MaxFiles).Select(name => $"{path}/{name}") : [path]))
        {
            if (tree.LinkStat(path) is { Kind: FileKind.Regular, Size: > 0 } stat && !IsAgentLog(path))
            {
                yield return new BuildLog(path, RecordsSignIns(tree, path, stat.Size));
            }
        }
    }

    // Told by MKT2030.
    private static bool IsAgentLog(string path) => path == "/var/log/waagent.log" || path.StartsWith("/var/log/azure/", StringComparison.Ordinal);

    private static bool RecordsSignIns(FileTree tree, string path, long size)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        bool isRecord = name is "wtmp" or "btmp" || name.StartsWith("wtmp-", StringComparison.Ordinal) || name.StartsWith("wtmp.1", StringComparison.Ordinal);
        bool isText = name.StartsWith("auth.log", StringComparison.Ordinal) || name.StartsWith("secure", StringComparison.Ordinal) || name.StartsWith("audit.log", StringComparison.Ordinal)
            || name.StartsWith("messages", StringComparison.Ordinal) || name.StartsWith("syslog", StringComparison.Ordinal);
        if (!isRecord && !isText)
        {
            return false;
        }

        byte[] bytes = new byte[Math.Min(size, HeadBytes)];
        int count = Math.Max(0, tree.Read(path, 0, bytes));
        if (isRecord)
        {
            for (int at = 0; at + RecordLength <= count; at += RecordLength)
            {
                if (BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at)) == UserProcess)
                {
                    return true;
                }
            }

            return false;
        }

        string text = Encoding.Latin1.GetString(bytes, 0, count);
        return SignIns.Any(message => text.Contains(message, StringComparison.Ordinal) && (message != "res=success" || text.Contains("type=USER_LOGIN", StringComparison.Ordinal)));
    }
}
