using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Signatures;

/// <summary>MKT4006: start and expiry are full dates and times.</summary>
internal sealed class SasTimeForm : SasRequirement
{
    public override string Id => "MKT4006";

    public override string Title => "Form of the times of a SAS URI";

    public override Criterion Guide { get; } = new(Severity.Error, "start and expiry are full dates and times, yyyy-MM-ddTHH:mm:ssZ", "Guide, 5.2, step 9g, which asks to try the URI");

    public override Criterion Current { get; } = new(Severity.Error, "start and expiry are full dates and times, yyyy-MM-ddTHH:mm:ssZ", CurrentSource + "; without seconds the portal answers that the signature did not match");

    public override string Why => "Who reads the URI computes the signature over the times as it writes them, with seconds";

    public override string Remedy => "sign again with full times, for example 2026-03-24T00:00:00Z";

    protected override IEnumerable<SasFault> Judge(SasUri uri, DateTimeOffset now)
    {
        if (uri.Field("st") is not null && uri.FullTime("st") is null)
        {
            yield return Fault(uri, "st", "start");
        }

        if (uri.Field("se") is not null && uri.FullTime("se") is null)
        {
            yield return Fault(uri, "se", "expiry");
        }
    }

    private static SasFault Fault(SasUri uri, string name, string what) => uri.AnyTime(name) is null
        ? new SasFault($"the {what} ({uri.Shown(name)}) is not a time the storage service takes")
        : new SasFault($"the {what} ({uri.Shown(name)}) is not a full date and time");
}
