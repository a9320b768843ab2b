using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>Commands that several requirements mend their findings with; the functions they call are those of the repair script (prelude.sh).</summary>
internal static class RepairCommands
{
    private const int MaxBytes = 1 << 20;

    /// <summary>A function of the repair script with words that are quoted.</summary>
    public static string Call(string function, params IEnumerable<string> words) => string.Join(' ', words.Select(ShellText.Quote).Prepend(function));

    /// <summary>A repair of one call.</summary>
    public static Repair Of(RepairStage stage, string function, params IEnumerable<string> words) => new(stage, Call(function, words));

    /// <summary>Makes lines of a file comments; empty when none of them is there.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="path">The file.</param>
    /// <param name="lines">Numbers of the lines, from 1.</param>
    public static string CommentOut(FileTree tree, string path, params IEnumerable<int> lines)
    {
        HashSet<int> numbers = [.. lines];
        return string.Join('\n', TextLines.Of(tree.ReadAllText(path, MaxBytes) ?? "")
            .Where(line => numbers.Contains(line.Number))
            .Select(line => Call("comment_out", path, line.Text)).Distinct(StringComparer.Ordinal));
    }
}
