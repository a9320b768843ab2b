using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Signatures;

/// <summary>MKT4014: the signature is there, whole, and stands for itself.</summary>
internal sealed class SasIsWhole : SasRequirement
{
    /// <summary>Bytes of a signature: HMAC-SHA256.</summary>
    private const int SignatureLength = 32;

    public override string Id => "MKT4014";

    public override string Title => "The signature of a SAS URI is whole";

    public override Criterion Guide { get; } = new(Severity.Error, "the URI has a whole signature that opens the disk from anywhere, with its permissions and times in the URI", "Guide, 5.2, step 9g; Create a service SAS (Azure Storage)");

    public override Criterion Current { get; } = new(Severity.Error, "the URI has a whole signature that opens the disk from anywhere, with its permissions and times in the URI", CurrentSource + "; Create a service SAS (Azure Storage)");

    public override string Why => "A signature changed by copying, bound to an address or to a policy that can be changed opens nothing where the Marketplace reads";

    public override string Remedy => "copy the URI again as the tool printed it, or sign again without stored access policy and without IP range";

    protected override IEnumerable<SasFault> Judge(SasUri uri, DateTimeOffset now)
    {
        if (uri.HasXmlAmpersands)
        {
            yield return new SasFault("the ampersands are written &amp;, as in XML") { Remedy = "write & instead of &amp;: the file of URIs is no XML" };
        }

        if (uri.Repeated.Count > 0)
        {
            yield return new SasFault($"parameters are there twice: {string.Join(", ", uri.Repeated)}");
        }

        if (FindSignatureFault(uri) is { } fault)
        {
            yield return new SasFault(fault);
        }
        else if (uri.Field("sv") is null)
        {
            yield return new SasFault("the version of the service (sv) is missing, so that the signature is not whole");
        }

        if (uri.Field("si") is not null)
        {
            yield return new SasFault("the signature refers to a stored access policy (si), which holds its times or permissions and can be changed");
        }

        if (uri.Field("sip") is not null)
        {
            yield return new SasFault($"the signature works from some IP addresses only ({uri.Shown("sip")}), and the Marketplace reads from others");
        }
    }

    // A plus sign in a query is a space to many readers: the signature must be written with percent signs.
    private static string? FindSignatureFault(SasUri uri) => uri.RawSignature switch
    {
        null or "" => "there is no signature (sig)",
        { } raw when raw.Contains('+', StringComparison.Ordinal) => "the signature has a plus sign that is not written %2B",
        { } raw when raw.Contains("%25", StringComparison.Ordinal) => "the signature is percent-encoded twice",
        { } raw when !Convert.TryFromBase64String(Uri.UnescapeDataString(raw), new byte[raw.Length], out int length) || length != SignatureLength => "the signature (sig) is cut off or was changed: it is not the base64 of 32 bytes",
        _ => null,
    };
}
