using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Executables;

/// <summary>
/// A program, library or driver of Windows, of which the processor and the version are read: Microsoft PE format specification.
/// Only headers and the resource asked for are read, never the code.
/// </summary>
public sealed class PortableExecutable
{
    private readonly DiskContent _content;
    private readonly ExecutableHeader _header;
    private readonly ExecutableSection[] _sections;

    private PortableExecutable(DiskContent content, ExecutableHeader header, ExecutableSection[] sections)
    {
        _content = content;
        _header = header;
        _sections = sections;
    }

    /// <summary>The processor the program is made for; a number that has no name in the enumeration when it is another one.</summary>
    public ExecutableMachine Machine => _header.Machine;

    /// <summary>Opens a file of a system.</summary>
    /// <param name="tree">The files of the system. It must stay usable as long as the result is used.</param>
    /// <param name="path">Absolute path of the file.</param>
    /// <returns>The file, or null when there is no regular file at the path.</returns>
    /// <exception cref="DiskFormatException">The file cannot be read, or is no portable executable.</exception>
    public static PortableExecutable? Open(FileTree tree, string path)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(path);
        return TreeFileContent.Open(tree, path) is { } content ? Open(content) : null;
    }

    /// <summary>Opens a file from its bytes.</summary>
    /// <param name="content">The file. It must stay open as long as the result is used, which does not own it.</param>
    /// <exception cref="DiskFormatException">It is no portable executable.</exception>
    public static PortableExecutable Open(DiskContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        byte[] dos = ReadUpTo(content, 0, ExecutableFormat.DosHeaderSize);
        if (dos.Length < ExecutableFormat.DosHeaderSize || !dos.AsSpan().StartsWith("MZ"u8))
        {
            throw DiskFormatException.Corrupt(ExecutableFormat.HeaderStructure, 0, "the signature 'MZ' is missing");
        }

        long position = BinaryPrimitives.ReadUInt32LittleEndian(dos.AsSpan(ExecutableFormat.HeaderPositionOffset));
        ExecutableHeader header = ExecutableHeader.Parse(ReadUpTo(content, position, ExecutableFormat.FileHeaderSize + ExecutableFormat.OptionalHeaderUsedSize), position);
        byte[] bytes = ReadUpTo(content, position + header.SectionsOffset, header.SectionCount * ExecutableFormat.SectionSize);
        if (bytes.Length < header.SectionCount * ExecutableFormat.SectionSize)
        {
            throw DiskFormatException.Truncated(ExecutableFormat.HeaderStructure, position + header.SectionsOffset, $"{header.SectionCount} sections do not fit in the file");
        }

        ExecutableSection[] sections = new ExecutableSection[header.SectionCount];
        for (int i = 0; i < sections.Length; i++)
        {
            sections[i] = ExecutableSection.Parse(bytes.AsSpan(i * ExecutableFormat.SectionSize));
        }

        return new PortableExecutable(content, header, sections);
    }

    /// <summary>
    /// The version in numbers (VS_FIXEDFILEINFO, dwFileVersion), which is what the versions of updates are compared by; null when the
    /// file has none. When there is one for several languages the first counts.
    /// </summary>
    /// <exception cref="DiskFormatException">The resources are damaged.</exception>
    public Version? ReadFileVersion()
    {
        if (_header.ResourceAddress == 0)
        {
            return null;
        }

        // Types, then names, then languages: never deeper, so damaged offsets cannot lead in a circle.
        if (FindEntry(0, ExecutableFormat.VersionType) is not { } type || FindEntry(RequireDirectory(type), null) is not { } name || FindEntry(RequireDirectory(name), null) is not { } language)
        {
            return null;
        }

        if ((language & ExecutableFormat.ResourceIsDirectory) != 0)
        {
            throw DiskFormatException.Corrupt(ExecutableFormat.ResourceStructure, -1, "the languages of the version resource are a directory of directories");
        }

        (byte[] leaf, _) = Read(Address(language), ExecutableFormat.ResourceLeafSize);
        uint address = BinaryPrimitives.ReadUInt32LittleEndian(leaf);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(leaf.AsSpan(sizeof(uint)));
        (byte[] bytes, long position) = Read(address, (int)Math.Min(size, ExecutableFormat.FixedInfoOffset + ExecutableFormat.FixedInfoSize));
        return VersionResource.Parse(bytes, position).FileVersion;
    }

    /// <summary>The offset in the entry with that number, or in the first one for null; null when there is none.</summary>
    private uint? FindEntry(uint directory, uint? id)
    {
        (byte[] header, long position) = Read(Address(directory), ExecutableFormat.ResourceHeaderSize);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(ExecutableFormat.NamedCountOffset)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(ExecutableFormat.IdCountOffset));
        if (count > ExecutableFormat.MaxResourceEntries)
        {
            throw DiskFormatException.Unsupported(ExecutableFormat.ResourceStructure, position, $"the directory has {count} entries, at most {ExecutableFormat.MaxResourceEntries} are read");
        }

        (byte[] entries, _) = Read(Address(directory) + ExecutableFormat.ResourceHeaderSize, count * ExecutableFormat.ResourceEntrySize);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = entries.AsSpan(i * ExecutableFormat.ResourceEntrySize);
            if (id is null || BinaryPrimitives.ReadUInt32LittleEndian(entry) == id)
            {
                return BinaryPrimitives.ReadUInt32LittleEndian(entry[sizeof(uint)..]);
            }
        }

        return null;
    }

    private static uint RequireDirectory(uint offset) => (offset & ExecutableFormat.ResourceIsDirectory) != 0
        ? offset & ~ExecutableFormat.ResourceIsDirectory
        : throw DiskFormatException.Corrupt(ExecutableFormat.ResourceStructure, -1, "the version resource has no names or no languages");

    private long Address(uint offset) => (long)_header.ResourceAddress + offset;

    private (byte[] Bytes, long Position) Read(long address, int length)
    {
        foreach (ExecutableSection section in _sections)
        {
            if (address >= section.Address && address - section.Address < section.Size)
            {
                long position = section.Position + (address - section.Address);
                byte[] bytes = length <= section.Size - (address - section.Address) ? ReadUpTo(_content, position, length) : [];
                return bytes.Length == length
                    ? (bytes, position)
                    : throw DiskFormatException.Truncated(ExecutableFormat.ResourceStructure, position, $"{length} bytes do not fit in their section");
            }
        }

        throw DiskFormatException.Corrupt(ExecutableFormat.ResourceStructure, -1, $"the address 0x{address:x} is in no section");
    }

    private static byte[] ReadUpTo(DiskContent content, long position, int length)
    {
        byte[] bytes = new byte[(int)Math.Clamp(content.Length - position, 0, length)];
        if (bytes.Length > 0)
        {
            content.Read(position, bytes);
        }

        return bytes;
    }
}
