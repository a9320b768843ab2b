using System.Buffers.Binary;

namespace Marketplace.DiskImages.Registry.Cells;

/// <summary>An element of a list of subkeys.</summary>
/// <param name="Cell">Cell of the key node.</param>
/// <param name="Hash">Hash of its name; null where the list keeps none.</param>
internal readonly record struct SubkeyReference(uint Cell, uint? Hash);

/// <summary>Lists of subkeys: index leaf <c>li</c>, fast leaf <c>lf</c>, hash leaf <c>lh</c>, and index root <c>ri</c> over leaves.</summary>
/// <param name="IsRoot">Whether the elements are lists themselves.</param>
/// <param name="Elements">The elements.</param>
internal sealed record SubkeyList(bool IsRoot, SubkeyReference[] Elements)
{
    /// <summary>The subkeys of a key in order, read list by list.</summary>
    /// <exception cref="DiskFormatException">A list is damaged, or they are not as many as the key says.</exception>
    public static IEnumerable<SubkeyReference> Enumerate(HiveCells cells, KeyNode key)
    {
        if (key.SubkeyCount == 0)
        {
            yield break;
        }

        if (key.SubkeyCount > cells.BinsSize / RegistryFormat.KeyNodeSize)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.KeyStructure, RegistryFormat.FileOffset(key.Cell), $"the key has {key.SubkeyCount} subkeys, more than {cells.BinsSize} bytes can hold");
        }

        if (key.SubkeyCount > RegistryFormat.MaxSubkeys)
        {
            throw DiskFormatException.Unsupported(RegistryFormat.KeyStructure, RegistryFormat.FileOffset(key.Cell), $"the key has {key.SubkeyCount} subkeys, at most {RegistryFormat.MaxSubkeys} are read");
        }

        // A key listed twice would make trees that never end.
        HashSet<uint> seen = [];
        foreach (SubkeyReference subkey in Leaves(cells, key.SubkeyList).SelectMany(leaf => leaf))
        {
            if (seen.Count == key.SubkeyCount)
            {
                throw DiskFormatException.Corrupt(RegistryFormat.SubkeyListStructure, RegistryFormat.FileOffset(key.SubkeyList), $"the list has more than the {key.SubkeyCount} subkeys of the key");
            }

            if (!seen.Add(subkey.Cell))
            {
                throw DiskFormatException.Corrupt(RegistryFormat.SubkeyListStructure, RegistryFormat.FileOffset(key.SubkeyList), $"the key node at 0x{subkey.Cell:x} is listed twice");
            }

            yield return subkey;
        }

        if (seen.Count != key.SubkeyCount)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.SubkeyListStructure, RegistryFormat.FileOffset(key.SubkeyList), $"the list has {seen.Count} subkeys, the key says {key.SubkeyCount}");
        }
    }

    /// <summary>The hash of a name in a hash leaf.</summary>
    public static uint HashOf(string name)
    {
        uint hash = 0;
        foreach (char c in name)
        {
            hash = unchecked((hash * 37) + char.ToUpperInvariant(c));
        }

        return hash;
    }

    /// <param name="bytes">The data of a cell.</param>
    /// <param name="cell">Its offset.</param>
    /// <exception cref="DiskFormatException">It is no list, or the list is longer than the cell.</exception>
    public static SubkeyList Parse(ReadOnlySpan<byte> bytes, uint cell)
    {
        if (bytes.Length < RegistryFormat.ListHeaderSize)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.SubkeyListStructure, RegistryFormat.FileOffset(cell), $"the cell has {bytes.Length} bytes");
        }

        string kind = System.Text.Encoding.Latin1.GetString(bytes[..2]);
        int elementSize = kind switch
        {
            "lf" or "lh" => RegistryFormat.LeafElementSize,
            "li" or "ri" => RegistryFormat.IndexElementSize,
            _ => throw DiskFormatException.Corrupt(RegistryFormat.SubkeyListStructure, RegistryFormat.FileOffset(cell), "the signature is none of 'li', 'lf', 'lh' and 'ri'"),
        };
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[RegistryFormat.ListCountOffset..]);
        bytes = bytes[RegistryFormat.ListHeaderSize..];
        if (count * elementSize > bytes.Length)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.SubkeyListStructure, RegistryFormat.FileOffset(cell), $"{count} elements of {elementSize} bytes do not fit in the {bytes.Length} bytes of the cell");
        }

        SubkeyReference[] elements = new SubkeyReference[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> element = bytes[(i * elementSize)..];
            elements[i] = new SubkeyReference(
                BinaryPrimitives.ReadUInt32LittleEndian(element),
                kind == "lh" ? BinaryPrimitives.ReadUInt32LittleEndian(element[4..]) : null);
        }

        return new SubkeyList(kind == "ri", elements);
    }

    private static IEnumerable<SubkeyReference[]> Leaves(HiveCells cells, uint cell)
    {
        SubkeyList list = Read(cells, cell);
        if (!list.IsRoot)
        {
            yield return list.Elements;
            yield break;
        }

        foreach (SubkeyReference element in list.Elements)
        {
            SubkeyList leaf = Read(cells, element.Cell);
            yield return !leaf.IsRoot && leaf.Elements.Length > 0
                ? leaf.Elements
                : throw DiskFormatException.Corrupt(RegistryFormat.SubkeyListStructure, RegistryFormat.FileOffset(element.Cell), "an index root points to an index root or to an empty list");
        }
    }

    private static SubkeyList Read(HiveCells cells, uint cell)
    {
        // The count has 16 bits, so nothing of a larger cell is ever needed.
        int length = Math.Min(cells.DataLength(cell), RegistryFormat.ListHeaderSize + (ushort.MaxValue * RegistryFormat.LeafElementSize));
        byte[] bytes = new byte[length];
        cells.Read(cell, 0, bytes);
        return Parse(bytes, cell);
    }
}
