namespace Marketplace.DiskImages.FileSystems;

/// <summary>A name in a directory.</summary>
/// <param name="Name">The name as <see cref="FileName"/> decodes it.</param>
/// <param name="Node">The file it leads to.</param>
public readonly record struct DirectoryEntry(string Name, FileNode Node);
