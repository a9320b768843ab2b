using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Engine;

/// <summary>MKT1090: requirements that could not be checked for one common reason, shown as one warning.</summary>
internal static class CouldNotBeChecked
{
    /// <summary>The code.</summary>
    public const string Code = "MKT1090";

    /// <summary>What to do about it.</summary>
    public const string Remedy = "check these requirements on a running machine made from the image, or change what the reason names (file systems that are read: ext, XFS, Btrfs, FAT, NTFS)";

    /// <summary>Groups the inconclusive findings by their reason.</summary>
    public static IEnumerable<Finding> Group(IEnumerable<Finding> inconclusive) =>
        inconclusive.GroupBy(finding => (finding.File, finding.Found)).Select(group =>
        {
            string[] ids = [.. group.Select(finding => finding.Code).Distinct().Order(StringComparer.Ordinal)];
            return new Finding
            {
                Code = Code,
                Severity = Severity.Warning,
                Outcome = Outcome.Inconclusive,
                File = group.Key.File,
                Found = $"{(ids.Length == 1 ? "one requirement" : $"{ids.Length} requirements")} could not be checked ({string.Join(", ", ids)}): {group.Key.Found}",
                Asked = "nothing is passed that was not checked",
                Levels = [.. group.SelectMany(finding => finding.Levels).Distinct().Order()],
                Remedy = group.First().Remedy,
            };
        });
}
