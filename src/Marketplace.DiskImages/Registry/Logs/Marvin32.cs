using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.Registry.Logs;

/// <summary>The Marvin32 hash (US patent 8,555,200) with the seed of registry logs, over data that come in parts.</summary>
internal struct Marvin32
{
    // 0x82EF4D887A4E55C5, low half first.
    private uint _low = 0x7A4E55C5;
    private uint _high = 0x82EF4D88;

    public Marvin32()
    {
    }

    /// <summary>The hash of data in one part.</summary>
    public static ulong Hash(ReadOnlySpan<byte> data)
    {
        int whole = data.Length & ~3;
        Marvin32 hash = new();
        hash.Add(data[..whole]);
        return hash.Finish(data[whole..]);
    }

    /// <param name="data">A multiple of four bytes.</param>
    public void Add(ReadOnlySpan<byte> data)
    {
        for (; data.Length >= 4; data = data[4..])
        {
            Mix(BinaryPrimitives.ReadUInt32LittleEndian(data));
        }
    }

    /// <param name="rest">The last bytes, at most three.</param>
    public ulong Finish(ReadOnlySpan<byte> rest)
    {
        uint last = 0x80u << (8 * rest.Length);
        for (int i = 0; i < rest.Length; i++)
        {
            last |= (uint)rest[i] << (8 * i);
        }

        Mix(last);
        Mix(0);
        return ((ulong)_high << 32) | _low;
    }

    private void Mix(uint word)
    {
        _low += word;
        _high ^= _low;
        _low = BitOperations.RotateLeft(_low, 20) + _high;
        _high = BitOperations.RotateLeft(_high, 9) ^ _low;
        _low = BitOperations.RotateLeft(_low, 27) + _high;
        _high = BitOperations.RotateLeft(_high, 19);
    }
}
