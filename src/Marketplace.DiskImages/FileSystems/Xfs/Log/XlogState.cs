namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>Which part of a log waits for replay.</summary>
/// <param name="Tail">First block of the oldest record that is needed.</param>
/// <param name="Head">Block after the newest record; equal to the tail when nothing waits.</param>
internal readonly record struct XlogState(long Tail, long Head)
{
    /// <summary>Nothing waits: the file system was unmounted.</summary>
    public static readonly XlogState Clean;

    public bool IsClean => Tail == Head;
}
