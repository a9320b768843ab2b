namespace Marketplace.DiskImages.Content;

/// <summary>What an overlay shows in place of a block.</summary>
/// <param name="Offset">Offset in bytes within the source of the block that is shown.</param>
/// <param name="Prefix">Bytes shown over its first ones; empty when the block is shown as it is.</param>
internal readonly record struct OverlayBlock(long Offset, ReadOnlyMemory<byte> Prefix);

/// <summary>
/// A content in which some blocks are replaced by other blocks of the same content, as a replayed journal does.
/// Holds positions, not data, so its size follows the number of replaced blocks and not their bytes. Does not own the source.
/// </summary>
/// <param name="source">The content below.</param>
/// <param name="blockSize">Size in bytes of the blocks that are replaced.</param>
/// <param name="blocks">The replaced blocks by number. Each must lie inside the source, at both places.</param>
internal sealed class OverlayContent(DiskContent source, int blockSize, IReadOnlyDictionary<long, OverlayBlock> blocks) : DiskContent
{
    public override long Length => source.Length;

    public override IEnumerable<Extent> GetAllocatedExtents()
    {
        long[] replaced = [.. blocks.Keys.Order()];
        int next = 0;
        Extent? pending = null;
        foreach (Extent extent in source.GetAllocatedExtents())
        {
            for (; next < replaced.Length && replaced[next] * blockSize <= extent.Offset; next++)
            {
                if (Join(ref pending, new Extent(replaced[next] * blockSize, blockSize)) is { } before)
                {
                    yield return before;
                }
            }

            if (Join(ref pending, extent) is { } done)
            {
                yield return done;
            }
        }

        for (; next < replaced.Length; next++)
        {
            if (Join(ref pending, new Extent(replaced[next] * blockSize, blockSize)) is { } done)
            {
                yield return done;
            }
        }

        if (pending is { } last)
        {
            yield return last;
        }
    }

    protected override void ReadCore(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            // A run of blocks that are all left alone is read at once.
            long block = offset / blockSize;
            long end = offset + destination.Length;
            long stop = Math.Min((block + 1) * blockSize, end);
            if (blocks.TryGetValue(block, out OverlayBlock replacement))
            {
                ReadReplaced(replacement, (int)(offset % blockSize), destination[..(int)(stop - offset)]);
            }
            else
            {
                while (stop < end && !blocks.ContainsKey(stop / blockSize))
                {
                    stop = Math.Min(stop + blockSize, end);
                }

                source.Read(offset, destination[..(int)(stop - offset)]);
            }

            destination = destination[(int)(stop - offset)..];
            offset = stop;
        }
    }

    private void ReadReplaced(OverlayBlock replacement, int start, Span<byte> destination)
    {
        source.Read(replacement.Offset + start, destination);
        ReadOnlySpan<byte> prefix = replacement.Prefix.Span;
        if (start < prefix.Length)
        {
            prefix = prefix[start..];
            prefix[..Math.Min(prefix.Length, destination.Length)].CopyTo(destination);
        }
    }

    // Adds an extent to the pending one when they touch; otherwise returns the pending one and keeps the new.
    private static Extent? Join(ref Extent? pending, Extent next)
    {
        if (pending is not { } current)
        {
            pending = next;
            return null;
        }

        if (next.Offset <= current.End)
        {
            pending = new Extent(current.Offset, Math.Max(current.End, next.End) - current.Offset);
            return null;
        }

        pending = next;
        return current;
    }
}
