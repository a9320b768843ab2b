using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>A change within a transaction: a format that says what is changed, and the new bytes in pieces.</summary>
internal sealed class XlogItem
{
    private readonly List<(byte[] Data, int Length)> _regions = [];

    /// <summary>Number of regions the format announces; 0 before it is known.</summary>
    public int Announced { get; private set; }

    /// <summary>Number of regions read so far, the format included.</summary>
    public int Count => _regions.Count;

    /// <summary>Whether every region is there.</summary>
    public bool IsComplete => Announced != 0 && Count == Announced;

    public XlogItemType Type => (XlogItemType)BinaryPrimitives.ReadUInt16LittleEndian(Format);

    /// <summary>The first region. Every format starts with its type and the number of regions, 2 bytes each.</summary>
    public ReadOnlySpan<byte> Format => Region(0);

    /// <summary>The bytes of a region.</summary>
    public ReadOnlySpan<byte> Region(int index) => _regions[index].Data.AsSpan(0, _regions[index].Length);

    /// <summary>Adds a region.</summary>
    /// <returns>False when it cannot be a region of this item.</returns>
    public bool TryAdd(ReadOnlySpan<byte> data)
    {
        if (Announced == 0)
        {
            const int CountOffset = 2;
            int announced = data.Length < CountOffset + sizeof(ushort) ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(data[CountOffset..]);
            if (announced is 0 or > XlogFormat.MaxRegions)
            {
                return false;
            }

            Announced = announced;
        }

        _regions.Add((data.ToArray(), data.Length));
        return true;
    }

    /// <summary>Adds bytes to the last region, which a record had room for only in part.</summary>
    public void Extend(ReadOnlySpan<byte> data)
    {
        (byte[] old, int length) = _regions[^1];
        if (length + data.Length > old.Length)
        {
            // Twice as long each time, so that many small pieces are not copied over and over.
            Array.Resize(ref old, Math.Max(length + data.Length, Math.Min(2 * old.Length, Array.MaxLength)));
        }

        data.CopyTo(old.AsSpan(length));
        _regions[^1] = (old, length + data.Length);
    }
}
