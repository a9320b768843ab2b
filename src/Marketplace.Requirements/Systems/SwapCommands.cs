using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Systems;

/// <summary>Commands that switch on swap at boot: in services of the administrator, in rc.local and in the tables of cron.</summary>
internal static class SwapCommands
{
    private const string Command = "swapon";

    /// <summary>Finds those whose file or device is plain to see and on a disk of the image.</summary>
    /// <param name="disk">Path of the OS disk, for observations.</param>
    /// <param name="system">The system.</param>
    /// <param name="told">Sources that were told; what is found is added.</param>
    public static IEnumerable<Observation> Find(string disk, LinuxSystem system, HashSet<string> told)
    {
        foreach (BootCommand command in BootCommands.Find(system, text => text.Contains(Command, StringComparison.Ordinal)))
        {
            if (SourceOf(command.Text) is { } source && !SwapFacts.IsElsewhere(system, source) && told.Add(source))
            {
                yield return new Observation(disk, $"swap on {Evidence.Quote(source)} is switched on at boot")
                {
                    PathInDisk = Evidence.Quote(command.Path),
                    Line = command.Line,
                    Evidence = command.Text,
                    Remedy = $"remove the command, and {Evidence.Quote(source)} itself",
                    Repair = new Repair(RepairStage.Configuration, command.SwitchOff + "\n" + SwapFacts.RemoveFile(source)),
                };
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
