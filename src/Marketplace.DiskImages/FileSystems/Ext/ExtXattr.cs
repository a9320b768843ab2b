using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>The extended attributes kept in an inode: struct ext4_xattr_ibody_header, then entries, then values from the end.</summary>
internal static class ExtXattr
{
    private const int HeaderSize = 4;
    private const int EntrySize = 16;

    /// <summary>Finds the value of <c>system.data</c>, the second part of inline data.</summary>
    /// <param name="inode">An inode whose attribute area was kept.</param>
    /// <returns>Start and length of the value within <see cref="ExtInode.AttributeArea"/>, or null when there is no such attribute.</returns>
    /// <exception cref="DiskFormatException">The attributes are damaged.</exception>
    public static (int Start, int Length)? FindSystemData(ExtInode inode)
    {
        ReadOnlySpan<byte> area = inode.AttributeArea;
        if (area.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(area) != ExtFormat.XattrMagic)
        {
            return null;
        }

        // Offsets of values count from the first entry; the list ends with four zero bytes.
        ReadOnlySpan<byte> body = area[HeaderSize..];
        int position = 0;
        while (position + sizeof(uint) <= body.Length && BinaryPrimitives.ReadUInt32LittleEndian(body[position..]) != 0)
        {
            if (position + EntrySize > body.Length || position + EntrySize + body[position] > body.Length)
            {
                throw Corrupt(inode, $"the entry at {position} reaches past the {body.Length} bytes of the area");
            }

            ReadOnlySpan<byte> entry = body[position..];
            int nameLength = entry[0];
            if (entry[1] == ExtFormat.XattrIndexSystem && entry.Slice(EntrySize, nameLength).SequenceEqual("data"u8))
            {
                return CheckValue(inode, entry, body.Length);
            }

            position += (EntrySize + nameLength + 3) & ~3;
        }

        return null;
    }

    private static (int Start, int Length) CheckValue(ExtInode inode, ReadOnlySpan<byte> entry, int room)
    {
        int start = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
        uint valueInode = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
        if (valueInode != 0)
        {
            // The kernel calls this damage as well: inline data never moves to an inode of its own.
            throw Corrupt(inode, $"e_value_inum of system.data is {valueInode}, expected 0");
        }

        if (start > room || length > room - start)
        {
            throw Corrupt(inode, $"the value of system.data has {length} bytes at {start}, the area has {room} bytes");
        }

        return (HeaderSize + start, (int)length);
    }

    private static DiskFormatException Corrupt(ExtInode inode, string detail) =>
        DiskFormatException.Corrupt($"ext4 extended attributes of inode {inode.Number}", inode.Offset, detail);
}
