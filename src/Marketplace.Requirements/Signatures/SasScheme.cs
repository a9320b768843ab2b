using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Signatures;

/// <summary>MKT4007: http in 2015, https today; and the signature allows what the URI uses.</summary>
internal sealed class SasScheme : SasRequirement
{
    public override string Id => "MKT4007";

    public override string Title => "Scheme of a SAS URI";

    public override bool NewestWins => true;

    public override Criterion Guide { get; } = new(Severity.Error, "the URI does not begin with https, and the signature allows http", "Guide, 5.2, step 9f");

    public override Criterion Current { get; } = new(Severity.Error, "the URI begins with https", CurrentSource);

    public override string Why => "A URI whose scheme the account or the signature does not allow opens nothing; over http the signature crosses the network in the clear";

    public override string Remedy => "use the URI with the scheme that is asked for, and sign for it: az storage container generate-sas --https-only; or choose the level that fits";

    protected override IEnumerable<SasFault> Judge(SasUri uri, DateTimeOffset now)
    {
        string? protocols = uri.Field("spr");
        if (!uri.IsUri)
        {
            // MKT4009 tells.
            yield break;
        }

        if (protocols is not (null or "https" or "https,http"))
        {
            yield return new SasFault($"the protocols of the signature ({uri.Shown("spr")}) are neither https nor https,http");
        }
        else if (!uri.IsHttps)
        {
            // The emulator has no certificate; nothing outside this machine reads its URIs.
            if (protocols == "https")
            {
                yield return new SasFault("the URI begins with http, but its signature allows https only (spr=https)");
            }
            else if (!uri.IsLoopback)
            {
                yield return new SasFault("the URI begins with http") { Guide = Severity.None };
            }
        }
        else
        {
            yield return new SasFault("the URI begins with https") { Current = Severity.None };
        }
    }
}
