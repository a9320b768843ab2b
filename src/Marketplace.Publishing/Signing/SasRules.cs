using System.Globalization;
using System.Text.RegularExpressions;
using Marketplace.Publishing.Storage;

namespace Marketplace.Publishing.Signing;

/// <summary>What the Marketplace asks of the URI of a disk (section 5.2 of the guide; "Generate a SAS URI for a VM image", 2021).</summary>
public static partial class SasRules
{
    /// <summary>The level of the guide of October 2015.</summary>
    internal const string Guide2015 = "2015-10";

    /// <summary>The level of today's documentation.</summary>
    internal const string Current = "current";

    /// <summary>Days of work a signature lasts at least, by the guide of 2015.</summary>
    internal const int BusinessDays = 7;

    private static readonly TimeSpan CurrentLifetime = TimeSpan.FromDays(21);
    private static readonly TimeSpan StartBefore = TimeSpan.FromDays(1);

    /// <summary>Judges a signed URI by MKT4003 to MKT4009.</summary>
    /// <param name="uri">The signed URI.</param>
    /// <param name="levels">The levels, separated by semicolons.</param>
    /// <param name="now">When the URI was made.</param>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public static IReadOnlyList<SasProblem> Check(Uri uri, string levels, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(levels);

        IReadOnlyDictionary<string, string> fields = SasToken.SplitQuery(uri.Query.TrimStart('?'));
        List<SasProblem> problems = [];
        CheckPermissions(fields, problems);
        CheckTimes(fields, levels, now, problems);
        CheckScheme(uri, fields, levels, problems);
        if (fields.GetValueOrDefault("sr") != "c")
        {
            problems.Add(new SasProblem("MKT4008", false, "The signature is not of the container (sr=c) with the disk's name inserted before the question mark, as the documentation asks. Sign the container."));
        }

        string path = Uri.UnescapeDataString(uri.AbsolutePath);
        if (!path.EndsWith(".vhd", StringComparison.Ordinal) || path.EndsWith("/.vhd", StringComparison.Ordinal) || path.Any(char.IsWhiteSpace))
        {
            problems.Add(new SasProblem("MKT4009", true, $"The path '{path}' does not end in the name of a disk and '.vhd', or has white space in it (section 5.2 of the guide). Rename the disk."));
        }

        return problems;
    }

    /// <summary>The earliest expiry the levels allow for a signature made now; the latest of them counts.</summary>
    /// <param name="levels">The levels, separated by semicolons.</param>
    /// <param name="now">When the signature is made.</param>
    internal static DateTimeOffset EarliestExpiry(string levels, DateTimeOffset now)
    {
        DateTimeOffset earliest = now;
        if (Has(levels, Guide2015))
        {
            earliest = AddBusinessDays(now, BusinessDays);
        }

        DateTimeOffset current = now + CurrentLifetime;
        return Has(levels, Current) && current > earliest ? current : earliest;
    }

    /// <summary>Whether the URIs use https: the newest of the levels decides.</summary>
    /// <param name="levels">The levels, separated by semicolons.</param>
    internal static bool UsesHttps(string levels) => !Has(levels, Guide2015) || Has(levels, Current);

    /// <summary>The same time of day after a number of days from Monday to Friday.</summary>
    /// <param name="from">The first moment; its own day does not count.</param>
    /// <param name="days">Business days.</param>
    internal static DateTimeOffset AddBusinessDays(DateTimeOffset from, int days)
    {
        DateTimeOffset day = from.ToUniversalTime();
        for (int left = days; left > 0;)
        {
            day = day.AddDays(1);
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            {
                left--;
            }
        }

        return day;
    }

    private static bool Has(string levels, string level) =>
        levels.Split(';', StringSplitOptions.TrimEntries).Contains(level, StringComparer.OrdinalIgnoreCase);

    private static void CheckPermissions(IReadOnlyDictionary<string, string> fields, List<SasProblem> problems)
    {
        string? permissions = fields.GetValueOrDefault("sp");
        if (permissions != "rl")
        {
            problems.Add(new SasProblem("MKT4003", true, $"The permissions are '{permissions}', and exactly read and list (sp=rl) are asked for (section 5.2 of the guide). Sign with read and list only."));
        }
    }

    private static void CheckTimes(IReadOnlyDictionary<string, string> fields, string levels, DateTimeOffset now, List<SasProblem> problems)
    {
        if (!fields.TryGetValue("st", out string? startText))
        {
            problems.Add(new SasProblem("MKT4004", true, "There is no start (st). Start one day before the day of signing (section 5.2 of the guide)."));
        }
        else if (IsFullTime("st", startText, problems) is { } start && start > FullSeconds(now) - StartBefore)
        {
            problems.Add(new SasProblem("MKT4004", false, $"The start (st={startText}) is less than one day before now. Start one day before the day of signing (section 5.2 of the guide)."));
        }

        if (!fields.TryGetValue("se", out string? endText))
        {
            problems.Add(new SasProblem("MKT4005", true, "There is no expiry (se). Let the signature last as long as the level asks."));
        }
        else if (IsFullTime("se", endText, problems) is { } end && end < FullSeconds(EarliestExpiry(levels, now)))
        {
            problems.Add(new SasProblem("MKT4005", true, $"The expiry (se={endText}) is too early: certification asks for 7 business days (2015-10) or three weeks (current) from now. Sign again with a later expiry."));
        }
    }

    private static void CheckScheme(Uri uri, IReadOnlyDictionary<string, string> fields, string levels, List<SasProblem> problems)
    {
        bool https = uri.Scheme == Uri.UriSchemeHttps;
        // The emulator has no certificate; nothing outside this machine reads its URIs.
        if (UsesHttps(levels) && !https && !uri.IsLoopback)
        {
            problems.Add(new SasProblem("MKT4007", true, "The URI does not use https, which the current documentation asks for. Use the https endpoint."));
        }
        else if (!UsesHttps(levels) && https)
        {
            problems.Add(new SasProblem("MKT4007", true, "The URI uses https, which section 5.2 of the guide of 2015 excludes. Use http, or the level current."));
        }

        if (!https && fields.GetValueOrDefault("spr") == "https")
        {
            problems.Add(new SasProblem("MKT4007", true, "The URI uses http and its signature allows https only (spr=https). Sign for both, or use https."));
        }
    }

    private static DateTimeOffset FullSeconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static DateTimeOffset? IsFullTime(string name, string text, List<SasProblem> problems)
    {
        if (FullTimePattern().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return time;
        }

        problems.Add(new SasProblem("MKT4006", true, $"The time {name}={text} is not a full date and time (yyyy-MM-ddTHH:mm:ssZ): the portal answers 'Signature did not match'. Sign with full times."));
        return null;
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
    private static partial Regex FullTimePattern();
}
