using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Systems;

/// <summary>Commands that switch on swap at boot: in services of the administrator, in rc.local and in the tables of cron.</summary>
internal static class SwapCommands
{
    private const string Command = "swapon";
    private const int MaxBytes = 1 << 20;
    private const int AnyExecute = 0b001_001_001;

    private static readonly string[] ServiceDirectories = ["/etc/systemd/system", "/usr/local/lib/systemd/system"];

    private static readonly string[] CommandKeys = ["ExecStartPre", "ExecStart", "ExecStartPost"];

    /// <summary>Finds those whose file or device is plain to see and on a disk of the image.</summary>
    /// <param name="disk">Path of the OS disk, for observations.</param>
    /// <param name="system">The system.</param>
    /// <param name="told">Sources that were told; what is found is added.</param>
    public static IEnumerable<Observation> Find(string disk, LinuxSystem system, HashSet<string> told)
    {
        foreach ((string path, int line, string command) in Services(system).Concat(Scripts(system.Tree)))
        {
            if (SourceOf(command) is { } source && !SwapFacts.IsElsewhere(system, source) && told.Add(source))
            {
                yield return new Observation(disk, $"swap on {Evidence.Quote(source)} is switched on at boot")
                {
                    PathInDisk = Evidence.Quote(path),
                    Line = line,
                    Evidence = command,
                    Remedy = $"remove the command, and {Evidence.Quote(source)} itself",
                    Repair = new Repair(RepairStage.Configuration, SwitchOff(path, line, command) + "\n" + SwapFacts.RemoveFile(source)),
                };
            }
        }
    }

    private static string SwitchOff(string path, int line, string command) => line == 0
        ? RepairCommands.Call("disable_service", path[(path.LastIndexOf('/') + 1)..])
        : RepairCommands.Call("comment_out", path, command);

    private static IEnumerable<(string Path, int Line, string Command)> Services(LinuxSystem system)
    {
        foreach (string directory in ServiceDirectories)
        {
            foreach (string name in system.Tree.List(directory).Where(name => name.EndsWith(".service", StringComparison.Ordinal)))
            {
                string text = system.Services.ReadUnit(name);
                string[] commands = [.. CommandKeys.SelectMany(key => UnitFile.ValuesOf(text, "Service", key)).Where(command => command.Contains(Command, StringComparison.Ordinal))];
                if (commands.Length > 0 && system.Services.FindEnablement([name[..^".service".Length]], [".service"]) is not null)
                {
                    foreach (string command in commands)
                    {
                        yield return ($"{directory}/{name}", 0, command);
                    }
                }
            }
        }
    }

    private static IEnumerable<(string Path, int Line, string Command)> Scripts(FileTree tree)
    {
        // rc.local runs only when it is executable (systemd-rc-local-generator(8)).
        IEnumerable<string> files = ((string[])["/etc/rc.local", "/etc/rc.d/rc.local", "/etc/rc.d/boot.local"])
            .Where(path => tree.Stat(path) is { Kind: FileKind.Regular } stat && (stat.Mode & AnyExecute) != 0)
            .Append("/etc/crontab")
            .Concat(tree.List("/etc/cron.d").Select(name => "/etc/cron.d/" + name))
            .Append("/var/spool/cron/crontabs/root")
            .Append("/var/spool/cron/root");
        foreach (string path in files)
        {
            foreach (TextLine line in TextLines.Of(tree.ReadAllText(path, MaxBytes) ?? "").Where(line => !line.Text.TrimStart().StartsWith('#')))
            {
                yield return (path, line.Number, line.Text.Trim());
            }
        }
    }

    /// <summary>The first file or device after the command, or null; one made of variables cannot be judged.</summary>
    private static string? SourceOf(string command)
    {
        string[] words = command.Split([' ', '\t', ';', '&', '|'], StringSplitOptions.RemoveEmptyEntries);
        int at = Array.FindIndex(words, word => word.Trim('"', '\'') is var name && (name == Command || name.EndsWith("/" + Command, StringComparison.Ordinal)));
        return at < 0 ? null : words.Skip(at + 1).Select(word => word.Trim('"', '\'')).FirstOrDefault(word => word.StartsWith('/') && !word.Contains('$', StringComparison.Ordinal));
    }
}
