namespace Marketplace.DiskImages.Partitions;

/// <summary>Finds partitions that share sectors, which no tool makes on purpose.</summary>
internal static class OverlapCheck
{
    public static void AddWarnings(IEnumerable<Partition> partitions, List<string> warnings)
    {
        Partition? furthest = null;
        foreach (Partition partition in partitions.OrderBy(partition => partition.Offset))
        {
            if (furthest is not null && partition.Offset < furthest.End)
            {
                warnings.Add($"partition {partition.Number} begins at byte {partition.Offset}, inside partition {furthest.Number}, which ends at byte {furthest.End}");
            }

            furthest = furthest is null || partition.End > furthest.End ? partition : furthest;
        }
    }
}
