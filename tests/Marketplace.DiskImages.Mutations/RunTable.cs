using System.Globalization;
using Marketplace.DiskImages.Testing.Mutations;

namespace Marketplace.DiskImages.Mutations;

/// <summary>Runs as lines of a table that Markdown shows.</summary>
internal static class RunTable
{
    public static string Header(string what) => $"| {what} | mutants | refused | slowest (ms) | largest (MiB) |\n|---|---|---|---|---|";

    /// <summary>The format of a target: the letters its name begins with.</summary>
    public static string FormatOf(string name) => name[..name.AsSpan().IndexOfAnyExceptInRange('a', 'z')];

    /// <summary>One line over some runs: the sums, and the extremes.</summary>
    public static string Line(string name, IReadOnlyList<MutationRun> runs) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {runs.Sum(run => run.Count)} | {runs.Sum(run => run.Refused)} | {runs.Max(run => run.Slowest.Time.TotalMilliseconds):F0} | {runs.Max(run => run.Largest.Bytes) / 1048576.0:F1} |");
}
