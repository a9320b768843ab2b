namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>
/// An upper bound of the memory in use while one mutant is read: what was alive at the last full collection
/// plus everything this thread allocated since. A collection is made only when that grows.
/// </summary>
/// <param name="baseline">What is alive before any mutant is read, in bytes.</param>
internal sealed class MemoryMeter(long baseline)
{
    private const long CollectAfter = 24L << 20;

    private long _alive;
    private long _measured = GC.GetAllocatedBytesForCurrentThread();

    /// <summary>The bound in bytes.</summary>
    public long Peak { get; private set; }

    /// <summary>To be called after each small piece of work.</summary>
    public void Step()
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread() - _measured;
        Peak = Math.Max(Peak, _alive + allocated);
        if (allocated > CollectAfter)
        {
            _alive = Math.Max(0, GC.GetTotalMemory(forceFullCollection: true) - baseline);
            _measured = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
