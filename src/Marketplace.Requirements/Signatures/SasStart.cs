using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Signatures;

/// <summary>MKT4004: a signature starts before the day it is made.</summary>
internal sealed class SasStart : SasRequirement
{
    /// <summary>What the guide allows for differences of clocks.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(15);

    public override string Id => "MKT4004";

    public override string Title => "Start of a SAS URI";

    public override Criterion Guide { get; } = new(Severity.Error, "the signature starts 15 minutes before the current time, better the day before; a missing or future start is refused (error), one on the same day warned about", "Guide, 5.2 and step 9a");

    public override Criterion Current { get; } = new(Severity.Error, "the signature starts one day before it is made; a missing or future start is refused (error), a later one warned about", CurrentSource);

    public override string Why => "Clocks differ: a signature that starts now may not be valid yet where it is used";

    public override string Remedy => "sign again with a start on the day before: az storage container generate-sas --start yyyy-MM-ddTHH:mm:ssZ";

    protected override IEnumerable<SasFault> Judge(SasUri uri, DateTimeOffset now)
    {
        if (uri.Field("st") is null)
        {
            if (uri.Field("si") is null)
            {
                yield return new SasFault("the signature has no start (st)");
            }
        }
        else if (uri.AnyTime("st") is { } start)
        {
            bool dayBefore = start.UtcDateTime.Date < now.UtcDateTime.Date && start <= now - ClockDifference;
            if (start > now)
            {
                yield return new SasFault($"the signature starts in the future ({uri.Shown("st")})");
            }
            else if (!dayBefore && start > now - SignatureTerms.DayBefore)
            {
                yield return new SasFault($"the signature starts less than one day before now ({uri.Shown("st")})") { Guide = Severity.Warning, Current = Severity.Warning };
            }
        }
    }
}
