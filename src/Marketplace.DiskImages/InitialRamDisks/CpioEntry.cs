using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.InitialRamDisks;

/// <summary>An entry of an initial RAM disk.</summary>
/// <param name="Name">The path as the archive has it, as <see cref="FileName"/> decodes names; usually without a slash at its start.</param>
/// <param name="Mode">Type and permissions as <c>st_mode</c>.</param>
/// <param name="Size">Bytes of data; 0 for all but the last of the hard links of a file.</param>
public readonly record struct CpioEntry(string Name, int Mode, long Size)
{
    private const int TypeMask = 0xF000; // S_IFMT
    private const int RegularType = 0x8000; // S_IFREG
    private const int LinkType = 0xA000; // S_IFLNK

    /// <summary>Whether it is a regular file.</summary>
    public bool IsRegular => (Mode & TypeMask) == RegularType;

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsSymbolicLink => (Mode & TypeMask) == LinkType;
}
