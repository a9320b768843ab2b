namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>A directory block as it was read.</summary>
/// <param name="Raw">Its bytes, sb_blocksize &lt;&lt; sb_dirblklog of them.</param>
/// <param name="Offset">Offset in bytes within the volume of its first block; the others may lie elsewhere.</param>
/// <param name="IsReplayed">The log wrote into it, so that its checksum is out of date.</param>
internal readonly record struct XfsDirectoryBytes(ReadOnlyMemory<byte> Raw, long Offset, bool IsReplayed);
