namespace Marketplace.Publishing.Upload;

/// <summary>A disk to upload.</summary>
/// <param name="Path">Absolute path of the fixed VHD.</param>
/// <param name="Lun">The LUN of a data disk; null for the OS disk.</param>
/// <param name="Caching">Host caching: <c>None</c>, <c>ReadOnly</c> or <c>ReadWrite</c>.</param>
public sealed record DiskSource(string Path, int? Lun, string Caching);
