namespace Marketplace.DiskImages.Packages.Rpm;

/// <summary>
/// A value of a database that comes in parts and is read from its beginning only as far as it is needed: of a package header
/// of some MiB that is its first page or two.
/// </summary>
/// <param name="structure">What it is, for errors.</param>
/// <param name="length">Its length in bytes.</param>
/// <param name="parts">Its bytes in order; a part is copied before the next one is asked for.</param>
internal sealed class BlobPrefix(string structure, int length, IEnumerable<ReadOnlyMemory<byte>> parts) : IDisposable
{
    private readonly IEnumerator<ReadOnlyMemory<byte>> _parts = parts.GetEnumerator();
    private byte[] _buffer = [];
    private int _count;
    private int _start;

    /// <summary>Length in bytes, from where <see cref="Narrow"/> put the beginning.</summary>
    public int Length { get; private set; } = length;

    /// <summary>What it is, for errors.</summary>
    public string Structure => structure;

    /// <summary>Bytes of it; valid until the next call.</summary>
    /// <exception cref="DiskFormatException">It ends before them.</exception>
    public ReadOnlySpan<byte> Read(int offset, int count)
    {
        if (offset < 0 || count < 0 || count > Length - offset)
        {
            throw DiskFormatException.Corrupt(structure, -1, $"{count} bytes at {offset} are asked for, there are {Length}");
        }

        int end = _start + offset + count;
        while (_count < end)
        {
            if (!_parts.MoveNext())
            {
                throw DiskFormatException.Truncated(structure, -1, $"{end} bytes are needed, {_count} are there");
            }

            Append(_parts.Current.Span);
        }

        return _buffer.AsSpan(_start + offset, count);
    }

    /// <summary>Makes a part of it the whole.</summary>
    /// <exception cref="DiskFormatException">The part is not inside.</exception>
    public BlobPrefix Narrow(int offset, int count)
    {
        if (offset < 0 || count < 0 || count > Length - offset)
        {
            throw DiskFormatException.Corrupt(structure, -1, $"a part of {count} bytes at {offset} is not inside {Length} bytes");
        }

        _start += offset;
        Length = count;
        return this;
    }

    public void Dispose() => _parts.Dispose();

    private void Append(ReadOnlySpan<byte> part)
    {
        if (part.Length > _buffer.Length - _count)
        {
            Array.Resize(ref _buffer, Math.Max(_count + part.Length, _buffer.Length * 2));
        }

        part.CopyTo(_buffer.AsSpan(_count));
        _count += part.Length;
    }
}
