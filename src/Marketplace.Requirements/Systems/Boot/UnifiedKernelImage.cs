using System.Buffers.Binary;
using System.Text;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>The command line inside a unified kernel image: the section <c>.cmdline</c> of a PE file (UAPI.5; PE/COFF specification, 3 and 4).</summary>
internal static class UnifiedKernelImage
{
    private const int PeOffsetPosition = 0x3C; // e_lfanew
    private const int FileHeaderLength = 24; // "PE\0\0" and IMAGE_FILE_HEADER
    private const int SectionHeaderLength = 40; // IMAGE_SECTION_HEADER
    private const int MaxSections = 96; // PE/COFF specification: the loader takes no more
    private const int MaxPeOffset = 64 * 1024;
    private const int MaxCommandLine = 64 * 1024;

    /// <summary>The command line, or null when the file is no PE file or has no such section.</summary>
    /// <exception cref="DiskImages.DiskFormatException">The file cannot be read.</exception>
    public static string? ReadCommandLine(FileTree tree, string path)
    {
        Span<byte> dos = stackalloc byte[64];
        if (!ReadFully(tree, path, 0, dos) || dos[0] != 'M' || dos[1] != 'Z')
        {
            return null;
        }

        uint peOffset = BinaryPrimitives.ReadUInt32LittleEndian(dos[PeOffsetPosition..]);
        Span<byte> header = stackalloc byte[FileHeaderLength];
        if (peOffset > MaxPeOffset || !ReadFully(tree, path, peOffset, header) || !header.StartsWith("PE\0\0"u8))
        {
            return null;
        }

        int sections = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(header[6..]), MaxSections); // NumberOfSections
        long table = peOffset + FileHeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(header[20..]); // SizeOfOptionalHeader
        Span<byte> section = stackalloc byte[SectionHeaderLength];
        for (int i = 0; i < sections; i++)
        {
            if (!ReadFully(tree, path, table + (i * SectionHeaderLength), section))
            {
                return null;
            }

            if (section.StartsWith(".cmdline"u8))
            {
                uint virtualSize = BinaryPrimitives.ReadUInt32LittleEndian(section[8..]); // VirtualSize: the text without padding
                uint rawSize = BinaryPrimitives.ReadUInt32LittleEndian(section[16..]); // SizeOfRawData
                uint offset = BinaryPrimitives.ReadUInt32LittleEndian(section[20..]); // PointerToRawData
                byte[] text = new byte[Math.Min(Math.Min(virtualSize, rawSize), MaxCommandLine)];
                return ReadFully(tree, path, offset, text) ? Encoding.UTF8.GetString(text).TrimEnd('\0', '\n', ' ') : null;
            }
        }

        return null;
    }

    private static bool ReadFully(FileTree tree, string path, long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int read = tree.Read(path, offset, destination);
            if (read <= 0)
            {
                return false;
            }

            offset += read;
            destination = destination[read..];
        }

        return true;
    }
}
