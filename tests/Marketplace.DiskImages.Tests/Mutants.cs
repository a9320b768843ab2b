using System.Diagnostics;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Tests;

/// <summary>Damages an image in many small ways, the same ones in every run, and allows a reader nothing but <see cref="DiskFormatException"/>.</summary>
internal static class Mutants
{
    private static readonly TimeSpan TimeBudget = TimeSpan.FromSeconds(2);
    private const long AllocationBudget = 64L << 20;

    /// <summary>Runs the reader on mutants of the regions; the first mutant is the image itself.</summary>
    /// <param name="image">The good image.</param>
    /// <param name="seed">The seed, which a failure names.</param>
    /// <param name="count">Number of mutants.</param>
    /// <param name="regions">Where bytes are changed; everything allocated when there are none.</param>
    /// <param name="read">The reader.</param>
    /// <returns>How many mutants were refused.</returns>
    public static int Run(MemoryContent image, int seed, int count, IReadOnlyList<Extent> regions, Action<MemoryContent> read)
    {
        regions = regions.Count > 0 ? regions : [.. image.GetAllocatedExtents()];
        read(image);
        int refused = 0;
        for (int i = 0; i < count; i++)
        {
            MemoryContent mutant = Mutate(image, new Random(HashCode(seed, i)), regions);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            try
            {
                read(mutant);
            }
            catch (DiskFormatException)
            {
                refused++;
            }
            catch (Exception e)
            {
                throw new AssertFailedException($"Mutant {i} of seed {seed}: {e.GetType().Name}: {e.Message}", e);
            }

            Assert.IsLessThan(TimeBudget, Stopwatch.GetElapsedTime(start), $"Time of mutant {i} of seed {seed}.");
            Assert.IsLessThan(AllocationBudget, GC.GetAllocatedBytesForCurrentThread() - before, $"Allocation of mutant {i} of seed {seed}.");
        }

        return refused;
    }

    private static MemoryContent Mutate(MemoryContent image, Random random, IReadOnlyList<Extent> regions)
    {
        MemoryContent mutant = image;
        int changes = random.Next(1, 4);
        for (int i = 0; i < changes; i++)
        {
            Extent region = regions[random.Next(regions.Count)];
            int width = 1 << random.Next(4);
            long offset = region.Offset + random.NextInt64(Math.Max(1, region.Length - width));
            byte[] bytes = mutant.ReadBytes(offset, (int)Math.Min(width, mutant.Length - offset));
            switch (random.Next(5))
            {
                case 0:
                    random.NextBytes(bytes);
                    break;
                case 1:
                    bytes.AsSpan().Fill(0xFF);
                    break;
                case 2:
                    bytes.AsSpan().Clear();
                    break;
                case 3:
                    bytes[0] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    bytes[^1] = random.Next(2) == 0 ? (byte)0x80 : (byte)0x7F;
                    break;
            }

            mutant = mutant.Patched(offset, bytes);
        }

        return random.Next(20) == 0 ? mutant.Resized(random.NextInt64(mutant.Length)) : mutant;
    }

    /// <summary>Unlike the one of the framework it is the same in every process.</summary>
    private static int HashCode(int seed, int index) => unchecked((seed * 397) ^ (index * 0x5BD1E995));
}
