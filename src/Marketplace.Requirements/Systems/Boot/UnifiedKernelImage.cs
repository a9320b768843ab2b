using System.Buffers.Binary;
using System.Text;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>What is inside a unified kernel image: the sections <c>.cmdline</c>, <c>.uname</c> and <c>.initrd</c> of a PE file (UAPI.5; PE/COFF specification, 3 and 4).</summary>
internal static class UnifiedKernelImage
{
    private const int PeOffsetPosition = 0x3C; // e_lfanew
    private const int FileHeaderLength = 24; // "PE\0\0" and IMAGE_FILE_HEADER
    private const int SectionHeaderLength = 40; // IMAGE_SECTION_HEADER
    private const int MaxSections = 96; // PE/COFF specification: the loader takes no more
    private const int MaxPeOffset = 64 * 1024;
    private const int MaxText = 64 * 1024;

    /// <summary>The command line, or null when the file is no PE file or has no such section.</summary>
    /// <exception cref="DiskImages.DiskFormatException">The file cannot be read.</exception>
    public static string? ReadCommandLine(FileTree tree, string path) => ReadText(tree, path, ".cmdline"u8);

    /// <summary>The release of the kernel, as <c>uname -r</c> tells it, or null when the file is no PE file or has no section for it.</summary>
    /// <exception cref="DiskImages.DiskFormatException">The file cannot be read.</exception>
    public static string? ReadRelease(FileTree tree, string path) => ReadText(tree, path, ".uname"u8);

    /// <summary>Where the initial RAM disk is in the file; null when there is none.</summary>
    /// <exception cref="DiskImages.DiskFormatException">The file cannot be read.</exception>
    public static (long Offset, long Length)? FindInitialRamDisk(FileTree tree, string path) => FindSection(tree, path, ".initrd"u8);

    private static string? ReadText(FileTree tree, string path, ReadOnlySpan<byte> name)
    {
        if (FindSection(tree, path, name) is not { } section)
        {
            return null;
        }

        byte[] text = new byte[Math.Min(section.Length, MaxText)];
        return ReadFully(tree, path, section.Offset, text) ? Encoding.UTF8.GetString(text).TrimEnd('\0', '\n', ' ') : null;
    }

    private static (long Offset, long Length)? FindSection(FileTree tree, string path, ReadOnlySpan<byte> name)
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

            if (section[..8].TrimEnd((byte)0).SequenceEqual(name))
            {
                uint virtualSize = BinaryPrimitives.ReadUInt32LittleEndian(section[8..]); // VirtualSize: the data without padding
                uint rawSize = BinaryPrimitives.ReadUInt32LittleEndian(section[16..]); // SizeOfRawData
                return (BinaryPrimitives.ReadUInt32LittleEndian(section[20..]), Math.Min(virtualSize, rawSize)); // PointerToRawData
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
