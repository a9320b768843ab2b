using System.Diagnostics;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>What a run of mutants came to.</summary>
/// <param name="Count">How many mutants were read.</param>
/// <param name="Refused">How many of them were refused, at least in part.</param>
/// <param name="Slowest">The longest time one took, and its number.</param>
/// <param name="Largest">The most memory one took, in bytes, and its number.</param>
internal sealed record MutationRun(int Count, int Refused, (TimeSpan Time, int Index) Slowest, (long Bytes, int Index) Largest)
{
    /// <summary>What one mutant may take.</summary>
    public static readonly TimeSpan TimeBudget = TimeSpan.FromSeconds(2);

    /// <summary>What one mutant may take, in bytes.</summary>
    public const long MemoryBudget = 64L << 20;

    /// <summary>Reads mutants 0 to <paramref name="count"/> - 1 of a target.</summary>
    /// <param name="target">The reader and its image.</param>
    /// <param name="seed">Chooses the mutants.</param>
    /// <param name="count">Number of mutants.</param>
    /// <param name="started">Told the number of each mutant before it is read.</param>
    /// <exception cref="InvalidDataException">A mutant threw something else, or took more than its budget; the text names it.</exception>
    public static MutationRun Execute(MutationTarget target, int seed, int count, Action<int>? started = null)
    {
        Mutator mutator = new(target, target.Load(), seed);
        long baseline = GC.GetTotalMemory(forceFullCollection: true);
        int refused = 0;
        (TimeSpan Time, int Index) slowest = default;
        (long Bytes, int Index) largest = default;
        for (int i = 0; i < count; i++)
        {
            started?.Invoke(i);
            Sample sample = Read(target, mutator, baseline, i);
            if (sample.Time > TimeBudget)
            {
                // Another process may have had the processor: only what is slow twice is slow.
                sample = Read(target, mutator, baseline, i);
            }

            refused += sample.IsRefused ? 1 : 0;
            slowest = sample.Time > slowest.Time ? (sample.Time, i) : slowest;
            largest = sample.Bytes > largest.Bytes ? (sample.Bytes, i) : largest;
            if (WhyFailed(sample) is { } reason)
            {
                throw new InvalidDataException($"Mutant {i} of seed {seed} of {target.Name}: {reason}");
            }
        }

        return new MutationRun(count, refused, slowest, largest);
    }

    private static string? WhyFailed(Sample sample) =>
        sample.Failure
        ?? (sample.Time > TimeBudget ? $"it took {sample.Time.TotalSeconds:F1} s"
            : sample.Bytes > MemoryBudget ? $"it took {sample.Bytes >> 20} MiB"
            : null);

    private static Sample Read(MutationTarget target, Mutator mutator, long baseline, int index)
    {
        MutantContent mutant = mutator.Make(index);
        MemoryMeter meter = new(baseline);
        long start = Stopwatch.GetTimestamp();
        bool isRefused = false;
        string? failure = null;
        try
        {
            target.Read(mutant, meter);
        }
        catch (DiskFormatException)
        {
            isRefused = true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failure = e.ToString();
        }

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        meter.Step();
        return new Sample(isRefused, time, meter.Peak, failure);
    }

    private readonly record struct Sample(bool IsRefused, TimeSpan Time, long Bytes, string? Failure);
}
