using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Testing.Mutations;

namespace Marketplace.DiskImages.Testing.Differences;

/// <summary>What a run of single changes came to: every one must be met with an error where it matters, or change nothing that is read.</summary>
/// <param name="Count">Number of changes.</param>
/// <param name="Silent">The changes that gave another answer without an error: the number, the place, the bits, and the first difference.</param>
internal sealed record DifferenceRun(int Count, IReadOnlyList<string> Silent)
{
    /// <summary>Makes changes 0 to <paramref name="count"/> - 1, of one bit or one byte each.</summary>
    public static DifferenceRun Execute(DifferenceTarget target, int seed, int count)
    {
        MemoryContent image = target.Load();
        IReadOnlyList<Extent> regions = target.Regions(image);
        Func<long, IEnumerable<long>> copies = target.Copies(image);
        ContentDigest good = target.Describe(image);
        List<string> silent = [];
        for (int i = 0; i < count; i++)
        {
            Random random = new(unchecked((seed * 397) ^ (i * 0x5BD1E995)));
            Extent region = regions[random.Next(regions.Count)];
            long place = region.Offset + random.NextInt64(region.Length);
            byte bits = random.Next(2) == 0 ? (byte)(1 << random.Next(8)) : (byte)random.Next(1, 256);
            MutantContent mutant = new(image);
            foreach (long copy in copies(place).Append(place).Distinct())
            {
                mutant.Write(copy, [(byte)(image.ReadBytes(copy, 1)[0] ^ bits)]);
            }

            if (good.FindSilentDifference(target.Describe(mutant)) is { } difference)
            {
                silent.Add($"#{i}: byte {place} (byte {place - region.Offset} of {region.Length} at {region.Offset}) xor 0x{bits:X2}: {difference}");
            }
        }

        return new DifferenceRun(count, silent);
    }
}
