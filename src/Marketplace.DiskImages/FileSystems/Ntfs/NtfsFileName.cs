using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>A $FILE_NAME: the key of directory entries, and an attribute of the file it names.</summary>
/// <param name="Parent">Reference to the directory.</param>
/// <param name="Name">The name as UTF-16 code units.</param>
/// <param name="IsDosOnly">True for a name of 8.3 beside a long name of the same file.</param>
internal sealed record NtfsFileName(ulong Parent, string Name, bool IsDosOnly)
{
    private const int NameLengthOffset = 0x40;
    private const int NameOffset = 0x42;

    /// <param name="raw">The attribute value or the key of an entry; its length must be that of the name.</param>
    /// <param name="structure">The structure in messages.</param>
    /// <param name="position">Offset in bytes within the volume, for messages.</param>
    /// <exception cref="DiskFormatException">It is cut off, or the name cannot be one.</exception>
    public static NtfsFileName Parse(ReadOnlySpan<byte> raw, string structure, long position)
    {
        int length = raw.Length >= NameOffset ? raw[NameLengthOffset] * sizeof(char) : 0;
        if (length == 0 || raw.Length < NameOffset + length)
        {
            throw DiskFormatException.Corrupt(structure, position, $"a file name has {raw.Length} bytes, its name {length}");
        }

        string name = NtfsName.Read(raw.Slice(NameOffset, length));
        return name.AsSpan().ContainsAny('\0', '/')
            ? throw DiskFormatException.Corrupt(structure, position, "a name has a character that no name has: zero or a slash")
            : new NtfsFileName(BinaryPrimitives.ReadUInt64LittleEndian(raw), name, raw[0x41] == NtfsFormat.NamespaceDos);
    }
}
