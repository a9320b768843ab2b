using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>
/// Runs both sides once to warm up, then both in every round in turn, the first one alternating. What disturbs the machine
/// disturbs both sides of a round, so the ratio of a round says more than either time; on a machine that is
/// busy the best times of each side say more still, and the processor time most.
/// </summary>
internal static class PairedRounds
{
    /// <summary>The first two lines of the table.</summary>
    public const string Header = """
        | benchmark | ours, median (s) | the other, median (s) | speed against the other, median | best against best | ours, processor (s) | the other, processor (s) |
        |---|---|---|---|---|---|---|
        """;

    /// <summary>The line of the table.</summary>
    public static string Run(IPairedBenchmark benchmark, string folder, int rounds)
    {
        benchmark.Prepare(folder);
        Time(benchmark, benchmark.RunOurs);
        Time(benchmark, benchmark.RunOther);
        Sample[] ours = new Sample[rounds];
        Sample[] other = new Sample[rounds];
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

        double speed = Median(ours.Zip(other, (mine, theirs) => theirs.Seconds / mine.Seconds));
        double best = other.Min(sample => sample.Seconds) / ours.Min(sample => sample.Seconds);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {benchmark.Name} | {Median(ours.Select(sample => sample.Seconds)):F3} | {Median(other.Select(sample => sample.Seconds)):F3} | {speed * 100:F0} % | {best * 100:F0} % | {ours.Average(sample => sample.Cpu):F3} | {other.Average(sample => sample.Cpu):F3} |");
    }

    /// <summary>The middle one of the values.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static Sample Time(IPairedBenchmark benchmark, Action action)
    {
        benchmark.BeforeEach();
        double cpu = CpuTime.Seconds;
        long start = Stopwatch.GetTimestamp();
        action();
        return new Sample(Stopwatch.GetElapsedTime(start).TotalSeconds, CpuTime.Seconds - cpu);
    }

    private readonly record struct Sample(double Seconds, double Cpu);
}
