using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.InitialRamDisks;

/// <summary>Reads a content forward in large pieces; the place can be set anywhere.</summary>
internal sealed class ForwardReader(DiskContent content)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private long _start;
    private int _count;

    /// <summary>The place of the next byte.</summary>
    public long Position { get; set; }

    /// <summary>Bytes from the place to the end.</summary>
    public long Remaining => Math.Max(content.Length - Position, 0);

    /// <summary>Whether there is no next byte.</summary>
    public bool IsAtEnd => Remaining == 0;

    /// <summary>The bytes from the place on, at least one unless the content ends; the place is not moved.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        if (Position < _start || Position >= _start + _count)
        {
            _start = Position;
            _count = (int)Math.Clamp(content.Length - Position, 0, _buffer.Length);
            content.Read(_start, _buffer.AsSpan(0, _count));
        }

        return _buffer.AsSpan((int)(Position - _start), _count - (int)(Position - _start));
    }

    /// <summary>As many bytes as fit and are left; the place is not moved.</summary>
    public int PeekInto(Span<byte> destination)
    {
        int count = (int)Math.Clamp(content.Length - Position, 0, destination.Length);
        content.Read(Position, destination[..count]);
        return count;
    }

    /// <summary>Fills the destination and moves the place.</summary>
    /// <exception cref="DiskFormatException">The content ends before (<see cref="DiskFormatErrorKind.Truncated"/>).</exception>
    public void ReadExactly(Span<byte> destination, string structure)
    {
        while (!destination.IsEmpty)
        {
            ReadOnlySpan<byte> bytes = Peek();
            if (bytes.IsEmpty)
            {
                throw DiskFormatException.Truncated(structure, Position, $"{destination.Length} more bytes are needed, the file ends");
            }

            int count = Math.Min(bytes.Length, destination.Length);
            bytes[..count].CopyTo(destination);
            destination = destination[count..];
            Position += count;
        }
    }

    /// <summary>The next byte.</summary>
    /// <exception cref="DiskFormatException">The content ends (<see cref="DiskFormatErrorKind.Truncated"/>).</exception>
    public byte ReadByte(string structure)
    {
        Span<byte> one = stackalloc byte[1];
        ReadExactly(one, structure);
        return one[0];
    }
}
