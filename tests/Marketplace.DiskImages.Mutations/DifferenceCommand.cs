using System.Diagnostics;
using System.Globalization;
using Marketplace.DiskImages.Testing.Differences;

namespace Marketplace.DiskImages.Mutations;

/// <summary>Changes single bits and bytes of metadata that a checksum covers, and prints every answer that differs without an error.</summary>
internal static class DifferenceCommand
{
    /// <summary>Runs the targets whose name begins with one of the names, all when there is none.</summary>
    /// <returns>0 when no difference was silent, 1 when some were, 2 when no target has such a name.</returns>
    public static int Run(IReadOnlyList<string> names, int seed, int count)
    {
        DifferenceTarget[] targets = [.. DifferenceTargets.All.Where(target => names.Count == 0 || names.Any(name => target.Name.StartsWith(name, StringComparison.Ordinal)))];
        if (targets.Length == 0)
        {
            Console.Error.WriteLine("No target has that name. There are: " + string.Join(' ', DifferenceTargets.All.Select(target => target.Name)));
            return 2;
        }

        int silent = 0;
        foreach (DifferenceTarget target in targets)
        {
            long start = Stopwatch.GetTimestamp();
            DifferenceRun run = DifferenceRun.Execute(target, seed, count);
            silent += run.Silent.Count;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name,-28} {run.Count,9} changes {run.Silent.Count,5} silent {Stopwatch.GetElapsedTime(start).TotalSeconds,9:F0} s"));
            foreach (string difference in run.Silent)
            {
                Console.WriteLine("    " + difference);
            }
        }

        Console.WriteLine($"{targets.Length} targets, seed {seed}: {silent} silent differences");
        return silent == 0 ? 0 : 1;
    }
}
