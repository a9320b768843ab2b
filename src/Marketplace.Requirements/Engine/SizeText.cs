using System.Globalization;

namespace Marketplace.Requirements.Engine;

/// <summary>Sizes for people, in binary units.</summary>
internal static class SizeText
{
    /// <summary>1 MiB in bytes.</summary>
    public const long MiB = 1024 * 1024;

    /// <summary>1 GiB in bytes.</summary>
    public const long GiB = 1024 * MiB;

    /// <summary>For example <c>30 GiB</c>, <c>29.5 GiB</c>, <c>4 MiB</c> or <c>512 bytes</c>; never rounded to a whole number that it is not, which may be the very limit it breaks.</summary>
    public static string Format(long bytes) => bytes switch
    {
        >= GiB when Number(bytes, GiB) is var text && (bytes % GiB == 0 || text.Contains('.', StringComparison.Ordinal)) => text + " GiB",
        >= MiB when Number(bytes, MiB) is var text && (bytes % MiB == 0 || text.Contains('.', StringComparison.Ordinal)) => text + " MiB",
        _ => bytes.ToString(CultureInfo.InvariantCulture) + " bytes",
    };

    /// <summary>The size rounded up to whole MiB: how sizes are compared, because MKT1004 speaks about the rest.</summary>
    public static long RoundUpToMiB(long bytes) => bytes > long.MaxValue - MiB ? bytes : (bytes + MiB - 1) / MiB * MiB;

    private static string Number(long bytes, long unit) =>
        (bytes % unit == 0 ? (decimal)(bytes / unit) : Math.Round((decimal)bytes / unit, 2)).ToString("0.##", CultureInfo.InvariantCulture);
}
