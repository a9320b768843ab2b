using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Makes mutants of an image: the same ones for the same seed, in every process.</summary>
internal sealed class Mutator(MutationTarget target, MemoryContent image, int seed)
{
    private const int MaxChanges = 4;
    private const int CutOneIn = 40;

    private readonly IReadOnlyList<Extent> _regions = target.Regions?.Invoke(image) ?? RecordingContent.Record(target, image);

    /// <summary>The mutant of that number; number 0 is the image itself.</summary>
    public MutantContent Make(int index)
    {
        MutantContent mutant = new(image);
        if (index == 0)
        {
            return mutant;
        }

        Random random = new(unchecked((seed * 397) ^ (index * 0x5BD1E995)));
        for (int changes = random.Next(1, MaxChanges + 1); changes > 0; changes--)
        {
            Change(mutant, random);
        }

        target.Repair?.Invoke(mutant);
        if (random.Next(CutOneIn) == 0)
        {
            mutant.Cut(random.NextInt64(image.Length));
        }

        return mutant;
    }

    private void Change(MutantContent mutant, Random random)
    {
        long place = Place(random);
        int width = (int)Math.Min(1 << random.Next(4), image.Length - place);
        byte[] bytes = mutant.ReadBytes(place, width);
        switch (random.Next(8))
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
                bytes[random.Next(width)] ^= (byte)(1 << random.Next(8));
                break;
            case 4:
                bytes[random.Next(2) * (width - 1)] = random.Next(2) == 0 ? (byte)0x80 : (byte)0x7F;
                break;
            case 5:
                // A small number, whichever end comes first.
                bytes.AsSpan().Clear();
                bytes[random.Next(2) * (width - 1)] = (byte)random.Next(17);
                break;
            case 6:
                // A value from elsewhere: pointers that go back or to another structure.
                (place, bytes) = Copy(mutant, place, Place(random), 8, 8);
                break;
            default:
                // A whole structure from elsewhere.
                (place, bytes) = Copy(mutant, place, Place(random), 512, 512 << random.Next(4));
                break;
        }

        mutant.Write(place, bytes);
    }

    private (long Place, byte[] Bytes) Copy(MutantContent mutant, long to, long from, int alignment, int size)
    {
        from -= from % alignment;
        return (to - (to % alignment), mutant.ReadBytes(from, (int)Math.Min(size, image.Length - from)));
    }

    private long Place(Random random)
    {
        Extent region = _regions[random.Next(_regions.Count)];
        return region.Offset + random.NextInt64(region.Length);
    }
}
