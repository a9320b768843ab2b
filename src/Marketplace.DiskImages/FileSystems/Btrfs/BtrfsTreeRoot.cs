namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>Where a tree begins.</summary>
/// <param name="TreeId">objectid of the tree.</param>
/// <param name="Logical">Logical address of its first block.</param>
/// <param name="Level">Level of that block.</param>
/// <param name="Generation">Generation of that block.</param>
internal readonly record struct BtrfsTreeRoot(ulong TreeId, ulong Logical, int Level, ulong Generation);
