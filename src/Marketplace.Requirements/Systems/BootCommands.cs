using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Linux;

namespace Marketplace.Requirements.Systems;

/// <summary>A command that runs at boot.</summary>
/// <param name="Path">The file it stands in.</param>
/// <param name="Line">Its line; 0 for a command of a service.</param>
/// <param name="Text">The command.</param>
internal sealed record BootCommand(string Path, int Line, string Text)
{
    /// <summary>Shell commands that switch it off.</summary>
    public string SwitchOff => Line == 0
        ? RepairCommands.Call("disable_service", Path[(Path.LastIndexOf('/') + 1)..])
        : RepairCommands.Call("comment_out", Path, Text);
}

/// <summary>Commands that an administrator has run at boot: in services, in rc.local and in the tables of cron.</summary>
internal static class BootCommands
{
    private const int MaxBytes = 1 << 20;
    private const int AnyExecute = 0b001_001_001;

    private static readonly string[] ServiceDirectories = ["/etc/systemd/system", "/usr/local/lib/systemd/system"];

    private static readonly string[] CommandKeys = ["ExecStartPre", "ExecStart", "ExecStartPost"];

    /// <summary>Finds those that are wanted.</summary>
    /// <param name="system">The system.</param>
    /// <param name="isWanted">Whether a command is wanted.</param>
    /// <exception cref="DiskImages.DiskFormatException">A file cannot be read.</exception>
    public static IEnumerable<BootCommand> Find(LinuxSystem system, Func<string, bool> isWanted) =>
        Services(system, isWanted).Concat(Scripts(system.Tree).Where(command => isWanted(command.Text)));

    /// <summary>The lines of an executable script that are no comments; none when it is not there or cannot be executed.</summary>
    public static IEnumerable<BootCommand> LinesOfScript(FileTree tree, string path) =>
        tree.Stat(path) is { Kind: FileKind.Regular } stat && (stat.Mode & AnyExecute) != 0 ? LinesOf(tree, path) : [];

    /// <summary>The lines of a file that are no comments.</summary>
    public static IEnumerable<BootCommand> LinesOf(FileTree tree, string path) =>
        TextLines.Of(tree.ReadAllText(path, MaxBytes) ?? "").Where(line => !line.Text.TrimStart().StartsWith('#')).Select(line => new BootCommand(path, line.Number, line.Text.Trim()));

    private static IEnumerable<BootCommand> Services(LinuxSystem system, Func<string, bool> isWanted)
    {
        foreach (string directory in ServiceDirectories)
        {
            foreach (string name in system.Tree.List(directory).Where(name => name.EndsWith(".service", StringComparison.Ordinal)))
            {
                string text = system.Services.ReadUnit(name);
                string[] commands = [.. CommandKeys.SelectMany(key => UnitFile.ValuesOf(text, "Service", key)).Where(isWanted)];
                if (commands.Length > 0 && system.Services.FindEnablement([name[..^".service".Length]], [".service"]) is not null)
                {
                    foreach (string command in commands)
                    {
                        yield return new BootCommand($"{directory}/{name}", 0, command);
                    }
                }
            }
        }
    }

    // rc.local runs only when it is executable (systemd-rc-local-generator(8)).
    private static IEnumerable<BootCommand> Scripts(FileTree tree) =>
        ((string[])["/etc/rc.local", "/etc/rc.d/rc.local", "/etc/rc.d/boot.local"]).SelectMany(path => LinesOfScript(tree, path))
            .Concat(tree.List("/etc/cron.d").Select(name => "/etc/cron.d/" + name)
                .Prepend("/etc/crontab")
                .Append("/var/spool/cron/crontabs/root")
                .Append("/var/spool/cron/root")
                .SelectMany(path => LinesOf(tree, path)));
}
