using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>
/// Runs both sides once to warm up, then both in every round in turn, the first one alternating. What disturbs the machine
/// disturbs both sides of a round, so the ratio of a round says more than either time; on a machine that is
/// busy the best times of each side say more still.
/// </summary>
internal static class PairedRounds
{
    /// <summary>The line of the table.</summary>
    public static string Run(IPairedBenchmark benchmark, string folder, int rounds)
    {
        benchmark.Prepare(folder);
        Time(benchmark, benchmark.RunOurs);
        Time(benchmark, benchmark.RunOther);
        double[] ours = new double[rounds];
        double[] other = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            if (i % 2 == 0)
            {
                ours[i] = Time(benchmark, benchmark.RunOurs);
                other[i] = Time(benchmark, benchmark.RunOther);
            }
            else
            {
                other[i] = Time(benchmark, benchmark.RunOther);
                ours[i] = Time(benchmark, benchmark.RunOurs);
            }
        }

        double[] ratios = [.. ours.Zip(other, (mine, theirs) => theirs / mine).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"| {benchmark.Name} | {Median(ours):F3} | {Median(other):F3} | {Median(ratios) * 100:F0} % | {other.Min() / ours.Min() * 100:F0} % |");
    }

    internal static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static double Time(IPairedBenchmark benchmark, Action action)
    {
        benchmark.BeforeEach();
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
