using System.Buffers.Binary;

namespace Marketplace.DiskImages.Executables;

/// <summary>What the headers of a portable executable say.</summary>
/// <param name="Machine">The processor.</param>
/// <param name="ResourceAddress">Relative virtual address of the resources; 0 when there are none.</param>
/// <param name="SectionCount">Number of sections.</param>
/// <param name="SectionsOffset">Where their headers begin, from the start of the file header.</param>
internal readonly record struct ExecutableHeader(ExecutableMachine Machine, uint ResourceAddress, int SectionCount, int SectionsOffset)
{
    /// <param name="bytes">The file header and as much of the optional header as there is, up to what is used of it.</param>
    /// <param name="position">Where it stands in the file.</param>
    /// <exception cref="DiskFormatException">It is none.</exception>
    public static ExecutableHeader Parse(ReadOnlySpan<byte> bytes, long position)
    {
        if (bytes.Length < ExecutableFormat.FileHeaderSize || !bytes.StartsWith("PE\0\0"u8))
        {
            throw DiskFormatException.Corrupt(ExecutableFormat.HeaderStructure, position, "the signature 'PE' is missing");
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ExecutableFormat.SectionCountOffset..]);
        int optionalSize = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ExecutableFormat.OptionalHeaderSizeOffset..]);
        ExecutableMachine machine = (ExecutableMachine)BinaryPrimitives.ReadUInt16LittleEndian(bytes[ExecutableFormat.MachineOffset..]);
        if (count > ExecutableFormat.MaxSections)
        {
            throw DiskFormatException.Corrupt(ExecutableFormat.HeaderStructure, position + ExecutableFormat.SectionCountOffset, $"there are {count} sections, at most {ExecutableFormat.MaxSections} are loaded");
        }

        ReadOnlySpan<byte> optional = bytes[ExecutableFormat.FileHeaderSize..];
        optional = optional[..Math.Min(optional.Length, optionalSize)];
        ushort magic = optional.Length >= sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(optional) : (ushort)0;
        int directories = magic switch
        {
            ExecutableFormat.Magic32 => ExecutableFormat.DirectoriesOffset32,
            ExecutableFormat.Magic64 => ExecutableFormat.DirectoriesOffset64,
            _ => throw DiskFormatException.Corrupt(ExecutableFormat.HeaderStructure, position + ExecutableFormat.FileHeaderSize, $"the optional header begins with 0x{magic:x4}, not with 0x10b or 0x20b"),
        };
        if (optional.Length < directories)
        {
            throw DiskFormatException.Truncated(ExecutableFormat.HeaderStructure, position + ExecutableFormat.FileHeaderSize, $"the optional header has {optional.Length} bytes, {directories} are needed");
        }

        // NumberOfRvaAndSizes stands before the directories.
        uint directoryCount = BinaryPrimitives.ReadUInt32LittleEndian(optional[(directories - sizeof(uint))..]);
        int resource = directories + (ExecutableFormat.ResourceDirectory * ExecutableFormat.DirectorySize);
        bool hasResources = directoryCount > ExecutableFormat.ResourceDirectory && optional.Length >= resource + ExecutableFormat.DirectorySize;
        return new ExecutableHeader(
            machine,
            hasResources ? BinaryPrimitives.ReadUInt32LittleEndian(optional[resource..]) : 0,
            count,
            ExecutableFormat.FileHeaderSize + optionalSize);
    }
}
