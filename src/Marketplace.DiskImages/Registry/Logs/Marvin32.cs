using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.Registry.Logs;

/// <summary>The Marvin32 hash (US patent 8,555,200), over data that come in parts.</summary>
/// <param name="seed">The key.</param>
internal struct Marvin32(ulong seed)
{
    /// <summary>The key that registry logs use.</summary>
    public const ulong RegistrySeed = 0x82EF4D887A4E55C5;

    private uint _low = (uint)seed;
    private uint _high = (uint)(seed >> 32);

    /// <summary>The hash of data in one part.</summary>
    public static ulong Hash(ReadOnlySpan<byte> data, ulong seed = RegistrySeed)
    {
        int whole = data.Length & ~3;
        Marvin32 hash = new(seed);
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
