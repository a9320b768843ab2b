namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>A name in a directory and the inode it leads to.</summary>
/// <param name="Name">The bytes of the name.</param>
/// <param name="Inode">The inode number.</param>
internal readonly record struct XfsDirectoryRecord(ReadOnlyMemory<byte> Name, ulong Inode)
{
    /// <summary>Whether it is the directory itself or the one above.</summary>
    public bool IsDotOrDotDot => Name.Span.SequenceEqual("."u8) || Name.Span.SequenceEqual(".."u8);
}
