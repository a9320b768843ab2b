using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Signatures;

/// <summary>MKT4008: the signature is of the container, with the disk's name in the path.</summary>
internal sealed class SasOfContainer : SasRequirement
{
    public override string Id => "MKT4008";

    public override string Title => "A SAS URI is signed for the container";

    public override Criterion Guide { get; } = new(Severity.Warning, "the signature is made for the container, with the disk as the blob to access", "Guide, 5.2, steps 8 and 9d");

    public override Criterion Current { get; } = new(Severity.Warning, "the signature is of the container (sr=c), with the name of the disk inserted before the question mark", CurrentSource);

    public override string Why => "Only the signature of a container can permit list, which the Marketplace asks for";

    public override string Remedy => "sign the container: az storage container generate-sas, then insert /disk.vhd before the question mark";

    protected override IEnumerable<SasFault> Judge(SasUri uri, DateTimeOffset now)
    {
        if (uri.Field("sr") != "c")
        {
            yield return new SasFault(
                uri.Field("srt") is not null || uri.Field("ss") is not null ? "the signature is one of the whole account (ss, srt)"
                : uri.Field("sr") is null ? "the signature does not say what it is of (sr)"
                : uri.Field("sr") == "b" ? "the signature is of the blob (sr=b)"
                : $"the signature is not of the container ({uri.Shown("sr")})");
        }
    }
}
