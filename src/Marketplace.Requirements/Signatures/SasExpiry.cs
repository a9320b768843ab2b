using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Signatures;

/// <summary>MKT4005: a signature lasts as long as certification takes.</summary>
internal sealed class SasExpiry : SasRequirement
{
    /// <summary>The longest life of a user delegation key, and of every signature made with it ("Create a user delegation SAS").</summary>
    private static readonly TimeSpan DelegationLimit = TimeSpan.FromDays(7);

    public override string Id => "MKT4005";

    public override string Title => "Expiry of a SAS URI";

    public override Criterion Guide { get; } = new(Severity.Error, "the signature lasts at least 7 business days from the day it is made", "Guide, 5.2");

    public override Criterion Current { get; } = new(Severity.Error, "the signature lasts at least three weeks from the time it is made", CurrentSource);

    public override string Why => "Certification reads the disks days after they were handed in";

    public override string Remedy => "sign again, with a key of the account, to last a month: az storage container generate-sas --account-key … --expiry yyyy-MM-ddTHH:mm:ssZ";

    protected override IEnumerable<SasFault> Judge(SasUri uri, DateTimeOffset now)
    {
        if (uri.Field("se") is null)
        {
            if (uri.Field("si") is null)
            {
                yield return new SasFault("the signature has no expiry (se)");
            }

            yield break;
        }

        if (uri.AnyTime("se") is not { } written)
        {
            // MKT4006 tells that it is no time.
            yield break;
        }

        DateTimeOffset end = EndOfDelegation(uri) is { } limit && limit < written ? limit : written;
        string shown = end == written ? uri.Shown("se") : $"{uri.Shown("se")}, but it is a user delegation signature, which ends after seven days at most, on {end:yyyy-MM-ddTHH:mm:ssZ}";
        if (end <= now)
        {
            yield return new SasFault($"the signature has expired ({shown})");
            yield break;
        }

        // Made on the day after its start at the latest estimate; it cannot have been made after now.
        DateTimeOffset second = FullSeconds(now);
        DateTimeOffset made = uri.AnyTime("st") is { } start && start < second - SignatureTerms.DayBefore ? start + SignatureTerms.DayBefore : second;
        bool guide = end < SignatureTerms.EarliestExpiry(RequirementsLevel.Guide201510, made);
        bool current = end < SignatureTerms.EarliestExpiry(RequirementsLevel.Current, made);
        if (guide || current)
        {
            yield return new SasFault($"the signature expires too early ({shown})") { Guide = guide ? null : Severity.None, Current = current ? null : Severity.None };
        }
        else if (end < SignatureTerms.AddBusinessDays(second))
        {
            yield return new SasFault($"the signature was made to last long enough, but less than {SignatureTerms.BusinessDays} business days of it are left ({shown})") { Guide = Severity.Warning, Current = Severity.Warning };
        }
    }

    private static DateTimeOffset? EndOfDelegation(SasUri uri) =>
        uri.Field("skoid") is null && uri.Field("ske") is null ? null
        : uri.AnyTime("ske") is { } end ? end
        : uri.AnyTime("skt") is { } start && start < DateTimeOffset.MaxValue - DelegationLimit ? start + DelegationLimit
        : null;

    private static DateTimeOffset FullSeconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
