using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Mapping;

/// <summary>Extents as they come, one after the other.</summary>
internal static class ExtentSequence
{
    /// <summary>The same extents with those joined that touch.</summary>
    /// <param name="extents">Extents in ascending order, without overlap.</param>
    public static IEnumerable<Extent> Merge(IEnumerable<Extent> extents)
    {
        Extent pending = default;
        foreach (Extent extent in extents)
        {
            if (pending.Length > 0 && pending.End == extent.Offset)
            {
                pending = new Extent(pending.Offset, pending.Length + extent.Length);
                continue;
            }

            if (pending.Length > 0)
            {
                yield return pending;
            }

            pending = extent;
        }

        if (pending.Length > 0)
        {
            yield return pending;
        }
    }
}
