using System.Runtime.InteropServices;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>Buffers that were freed: how many cancellations of each are still to come. What comes before one is not replayed.</summary>
internal sealed class XlogCancelTable
{
    private readonly Dictionary<(long Block, int Blocks), int> _pending = [];

    /// <summary>Counts a cancellation, in the first pass.</summary>
    public void Add(long block, int blocks) => CollectionsMarshal.GetValueRefOrAddDefault(_pending, (block, blocks), out _)++;

    /// <summary>Whether a cancellation of a buffer is still to come.</summary>
    public bool IsCancelled(long block, int blocks) => _pending.ContainsKey((block, blocks));

    /// <summary>Whether a cancellation of any buffer that starts within a range is still to come.</summary>
    public bool IsAnyCancelled(long block, long blocks) => _pending.Keys.Any(key => key.Block >= block && key.Block < block + blocks);

    /// <summary>Passes a cancellation, in the second pass.</summary>
    public void Pass(long block, int blocks)
    {
        if (_pending.TryGetValue((block, blocks), out int count))
        {
            if (count == 1)
            {
                _pending.Remove((block, blocks));
            }
            else
            {
                _pending[(block, blocks)] = count - 1;
            }
        }
    }
}
