using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs.Reparse;

/// <summary>A reparse point: what a file is besides its own data.</summary>
/// <param name="Tag">Who interprets it.</param>
/// <param name="Data">The data for that one.</param>
/// <param name="Structure">The structure in messages.</param>
/// <param name="Position">Offset of the attribute in bytes within the volume, for messages.</param>
internal sealed record ReparsePoint(uint Tag, ReadOnlyMemory<byte> Data, string Structure, long Position)
{
    /// <summary>Parses the value of a $REPARSE_POINT attribute.</summary>
    /// <exception cref="DiskFormatException">It is shorter than it says.</exception>
    public static ReparsePoint Parse(byte[] raw, string structure, long position)
    {
        int length = raw.Length >= ReparseFormat.HeaderSize ? BinaryPrimitives.ReadUInt16LittleEndian(raw.AsSpan(4)) : -1;
        if (length < 0 || length > raw.Length - ReparseFormat.HeaderSize)
        {
            throw DiskFormatException.Corrupt(structure, position, $"the reparse point has {raw.Length} bytes, its data {length}");
        }

        return new ReparsePoint(BinaryPrimitives.ReadUInt32LittleEndian(raw), raw.AsMemory(ReparseFormat.HeaderSize, length), structure, position);
    }

    /// <summary>The kind of file the tag makes; null when it stays a regular file or a directory.</summary>
    public FileKind? Kind => Tag switch
    {
        ReparseFormat.SymbolicLink or ReparseFormat.MountPoint or ReparseFormat.LxSymbolicLink => FileKind.SymbolicLink,
        ReparseFormat.UnixSocket => FileKind.Socket,
        ReparseFormat.LxFifo => FileKind.NamedPipe,
        ReparseFormat.LxCharacterDevice => FileKind.CharacterDevice,
        ReparseFormat.LxBlockDevice => FileKind.BlockDevice,
        _ => null,
    };

    /// <summary>Why the data of the file cannot be read.</summary>
    public DiskFormatException NotRead() => DiskFormatException.Unsupported(Structure, Position, Tag switch
    {
        0x8000_0013 => "the data are deduplicated (reparse tag 0x80000013), they are not in the file",
        ReparseFormat.AppExecLink => "the file is a link to an app of the Microsoft Store (reparse tag 0x8000001B)",
        _ when (Tag & 0xFFFF_0FFF) == 0x9000_001A => $"the data are with a cloud provider such as OneDrive (reparse tag 0x{Tag:X8})",
        _ => $"the reparse tag is 0x{Tag:X8}, whose files are not read",
    });
}
