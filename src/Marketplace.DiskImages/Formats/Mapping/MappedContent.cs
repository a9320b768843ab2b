using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Mapping;

/// <summary>
/// A virtual disk whose blocks lie somewhere in a file, in a parent, or nowhere. A format only says where; reading in long
/// runs and listing extents are the same for all. Owns neither file nor parent.
/// </summary>
/// <param name="file">The bytes of the file.</param>
/// <param name="length">Virtual size in bytes.</param>
/// <param name="parent">What shows through; null when the disk stands alone.</param>
internal abstract class MappedContent(DiskContent file, long length, DiskContent? parent = null) : DiskContent
{
    public sealed override long Length => length;

    /// <summary>The bytes of the file.</summary>
    protected DiskContent File => file;

    /// <summary>What shows through; null when the disk stands alone.</summary>
    protected DiskContent? Parent => parent;

    /// <summary>The source of what the format calls absent.</summary>
    protected MappedSource Absent => parent is null ? MappedSource.Zeros : MappedSource.Parent;

    public sealed override IEnumerable<Extent> GetAllocatedExtents() => ExtentSequence.Merge(ListExtents());

    /// <summary>Where the bytes at an offset come from.</summary>
    /// <param name="offset">An offset inside the disk.</param>
    /// <param name="limit">The most bytes the run may have; greater than zero.</param>
    /// <returns>A run of 1 to <paramref name="limit"/> bytes; the longer the better.</returns>
    protected abstract MappedRun Map(long offset, long limit);

    /// <summary>Reads from a compressed unit.</summary>
    /// <param name="offset">Offset in the virtual disk.</param>
    /// <param name="run">The run that <see cref="Map"/> gave for it.</param>
    /// <param name="destination">As long as the run.</param>
    protected virtual void ReadCompressed(long offset, MappedRun run, Span<byte> destination) => throw new NotSupportedException();

    protected sealed override void ReadCore(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            MappedRun run = Map(offset, destination.Length);
            while (run.Length < destination.Length && run.Source != MappedSource.Compressed)
            {
                MappedRun next = Map(offset + run.Length, destination.Length - run.Length);
                if (!run.IsContinuedBy(next))
                {
                    break;
                }

                run = run with { Length = run.Length + next.Length };
            }

            Span<byte> part = destination[..(int)run.Length];
            switch (run.Source)
            {
                case MappedSource.File:
                    file.Read(run.Position, part);
                    break;
                case MappedSource.Parent:
                    ReadParent(offset, part);
                    break;
                case MappedSource.Compressed:
                    ReadCompressed(offset, run, part);
                    break;
                default:
                    part.Clear();
                    break;
            }

            destination = destination[part.Length..];
            offset += part.Length;
        }
    }

    private IEnumerable<Extent> ListExtents()
    {
        using ExtentWindow? below = parent is null ? null : new ExtentWindow(parent);
        for (long offset = 0; offset < length;)
        {
            MappedRun run = Map(offset, length - offset);
            if (run.Source is MappedSource.File or MappedSource.Compressed)
            {
                yield return new Extent(offset, run.Length);
            }
            else if (run.Source == MappedSource.Parent)
            {
                while (below!.Next(offset, offset + run.Length) is { } shown)
                {
                    yield return shown;
                }
            }

            offset += run.Length;
        }
    }

    // A child can be larger than its parent.
    private void ReadParent(long offset, Span<byte> destination)
    {
        int shown = (int)Math.Clamp(parent!.Length - offset, 0, destination.Length);
        if (shown > 0)
        {
            parent.Read(offset, destination[..shown]);
        }

        destination[shown..].Clear();
    }
}
