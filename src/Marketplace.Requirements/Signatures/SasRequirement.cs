using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Signatures;

/// <summary>A requirement every signed URI must satisfy by itself.</summary>
internal abstract class SasRequirement : Requirement
{
    /// <summary>Where the documentation of today speaks about signed URIs.</summary>
    protected const string CurrentSource = "Generate a SAS URI for a VM image (2021)";

    public sealed override string Section => "5.2";

    public sealed override CheckStages Stages => CheckStages.Build | CheckStages.Publish;

    public sealed override CheckResult Check(ImageContext context)
    {
        SuppliedSignatures supplied = context.Signatures;
        if (supplied.AreMissing && supplied.Uris.Count == 0)
        {
            throw new CannotCheckException("the SAS URIs that were supplied cannot be read", reported: true);
        }

        return supplied.Uris.Count == 0
            ? CheckResult.NotApplicable("no SAS URI is supplied (VmImageSasUri); those that dotnet publish makes are judged there")
            : CheckResult.From([.. supplied.Uris.SelectMany(uri => Judge(uri.Uri, supplied.Now)
                .Select(fault => new Observation(uri.File, $"{uri}: {fault.Found}") { Guide = fault.Guide, Current = fault.Current, Remedy = fault.Remedy, Asked = fault.Asked }))]);
    }

    /// <summary>What is wrong with a URI; never a word that could be part of a signature.</summary>
    protected abstract IEnumerable<SasFault> Judge(SasUri uri, DateTimeOffset now);
}
