using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>An inode core as the log has it: struct xfs_log_dinode has the places of struct xfs_dinode, but each number is in the order of the machine.</summary>
internal static class XlogInodeCore
{
    private const int LinkCountV1 = 6;
    private const int FlushIteration = 30;
    private const int LargeExtentCount = 24;
    private const int ExtentCount = 76;
    private const int AttributeExtentCount = 80;
    private const int Flags2 = 120;
    private const int Padding = 132;
    private const int Uuid = 160;

    // di_mode to di_projid, di_extsize, and di_dmevmask to di_gen; then those of version 3.
    private static readonly int[] Words16 = [0, 2, 20, 22, 88, 90];
    private static readonly int[] Words32 = [8, 12, 16, 72, 84, 92];
    private static readonly int[] Words64 = [56, 64];
    private static readonly int[] Words64V3 = [104, Flags2, 152];
    private static readonly int[] Bytes = [4, 5, 82, 83];
    private static readonly int[] Times = [32, 40, 48];

    /// <summary>Writes the core into an inode; di_next_unlinked, which buffers carry, stays as it is.</summary>
    /// <param name="core">The logged core: 176 bytes in version 3, 96 before.</param>
    /// <param name="inode">The inode on disk.</param>
    /// <param name="lsn">The place in the log of the change.</param>
    public static void CopyToDisk(ReadOnlySpan<byte> core, Span<byte> inode, ulong lsn)
    {
        bool v3 = core[4] == 3;
        XfsInodeFlags2 flags2 = v3 ? (XfsInodeFlags2)BinaryPrimitives.ReadUInt64LittleEndian(core[Flags2..]) : 0;
        bool bigTime = flags2.HasFlag(XfsInodeFlags2.BigTime);
        Swap(core, inode, Words16, sizeof(ushort));
        Swap(core, inode, Words32, sizeof(uint));
        Swap(core, inode, Words64, sizeof(ulong));
        Swap(core, inode, Bytes, 1);
        Swap(core, inode, [LinkCountV1], sizeof(ushort));
        CopyTimes(core, inode, Times, bigTime);
        if (flags2.HasFlag(XfsInodeFlags2.LargeExtentCounts))
        {
            Swap(core, inode, [LargeExtentCount], sizeof(ulong));
            Swap(core, inode, [ExtentCount], sizeof(uint));
            inode.Slice(AttributeExtentCount, sizeof(ushort)).Clear();
        }
        else
        {
            inode.Slice(LargeExtentCount, sizeof(ulong)).Clear();
            Swap(core, inode, [ExtentCount], sizeof(uint));
            Swap(core, inode, [AttributeExtentCount], sizeof(ushort));
        }

        if (!v3)
        {
            inode.Slice(FlushIteration, sizeof(ushort)).Clear();
            return;
        }

        Swap(core, inode, Words64V3, sizeof(ulong));
        Swap(core, inode, [128], sizeof(uint));
        CopyTimes(core, inode, [144], bigTime);
        core[Padding..144].CopyTo(inode[Padding..]);
        core[Uuid..XfsFormat.InodeCoreV3].CopyTo(inode[Uuid..]);
        BinaryPrimitives.WriteUInt64BigEndian(inode[112..], lsn);
    }

    // One number of 64 bits with bigtime, and two of 32 without.
    private static void CopyTimes(ReadOnlySpan<byte> core, Span<byte> inode, ReadOnlySpan<int> offsets, bool bigTime)
    {
        foreach (int offset in offsets)
        {
            if (bigTime)
            {
                Swap(core, inode, [offset], sizeof(ulong));
            }
            else
            {
                Swap(core, inode, [offset, offset + sizeof(uint)], sizeof(uint));
            }
        }
    }

    private static void Swap(ReadOnlySpan<byte> core, Span<byte> inode, ReadOnlySpan<int> offsets, int size)
    {
        foreach (int offset in offsets)
        {
            core.Slice(offset, size).CopyTo(inode[offset..]);
            inode.Slice(offset, size).Reverse();
        }
    }
}
