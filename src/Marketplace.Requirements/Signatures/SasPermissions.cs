using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Signatures;

/// <summary>MKT4003: a signature gives read and list, nothing more.</summary>
internal sealed class SasPermissions : SasRequirement
{
    public override string Id => "MKT4003";

    public override string Title => "Permissions of a SAS URI";

    public override Criterion Guide { get; } = new(Severity.Error, "the signature permits list and read only (=rl), not write or delete", "Guide, 5.2");

    public override Criterion Current { get; } = new(Severity.Error, "the signature permits exactly read and list, written sp=rl", CurrentSource + "; VM certification FAQ (2022)");

    public override string Why => "The Marketplace lists the container and reads the disk; whoever gets hold of a URI with more rights can change the disk";

    public override string Remedy => "sign again with the permissions Read and List only: az storage container generate-sas --permissions rl";

    protected override IEnumerable<SasFault> Judge(SasUri uri, DateTimeOffset now)
    {
        string? permissions = uri.Field("sp");
        if (permissions is null && uri.Field("si") is null)
        {
            yield return new SasFault("the signature has no permissions (sp)");
        }
        else if (permissions is not null and not "rl")
        {
            yield return new SasFault(
                permissions is "lr" ? "the permissions are sp=lr, which the storage service takes in the order rl only"
                : !permissions.Contains('r', StringComparison.Ordinal) ? $"the permissions ({uri.Shown("sp")}) lack read"
                : !permissions.Contains('l', StringComparison.Ordinal) ? $"the permissions ({uri.Shown("sp")}) lack list"
                : $"the permissions ({uri.Shown("sp")}) are more than read and list");
        }
    }
}
