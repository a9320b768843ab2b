using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Signatures;

/// <summary>What the levels ask of a signature that is made now; the rules MKT4004, MKT4005 and MKT4007 judge by the same numbers.</summary>
/// <param name="StartBefore">Time from now back to the start of validity.</param>
/// <param name="NotExpiringBefore">The earliest time the signature may expire.</param>
/// <param name="UseHttps">Whether the URI uses https.</param>
public sealed record SignatureTerms(TimeSpan StartBefore, DateTimeOffset NotExpiringBefore, bool UseHttps)
{
    /// <summary>Days of work a signature lasts at least, by the guide of 2015 (section 5.2).</summary>
    internal const int BusinessDays = 7;

    /// <summary>How long a signature lasts at least today: three weeks.</summary>
    internal static readonly TimeSpan CurrentLifetime = TimeSpan.FromDays(21);

    /// <summary>Both levels: the day before the day of signing.</summary>
    internal static readonly TimeSpan DayBefore = TimeSpan.FromDays(1);

    /// <summary>The terms of the levels: business days for <c>2015-10</c>, three weeks and https for <c>current</c>; the later expiry and https when both are asked for.</summary>
    /// <param name="levels">The levels, separated by semicolons.</param>
    /// <param name="now">When the signature is made.</param>
    public static SignatureTerms For(string levels, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(levels);
        IReadOnlyList<RequirementsLevel> asked = LevelNames.Parse(levels, out _);
        return new SignatureTerms(DayBefore, asked.Max(level => EarliestExpiry(level, now)), asked[^1] == RequirementsLevel.Current);
    }

    /// <summary>The earliest expiry a level allows for a signature made at a moment.</summary>
    internal static DateTimeOffset EarliestExpiry(RequirementsLevel level, DateTimeOffset made) =>
        level == RequirementsLevel.Guide201510 ? AddBusinessDays(made) : made + CurrentLifetime;

    /// <summary>The same time of day after seven days from Monday to Friday; the day of the first moment does not count.</summary>
    internal static DateTimeOffset AddBusinessDays(DateTimeOffset from)
    {
        DateTimeOffset day = from.ToUniversalTime();
        for (int left = BusinessDays; left > 0;)
        {
            day = day.AddDays(1);
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            {
                left--;
            }
        }

        return day;
    }
}
