using Marketplace.Publishing.Signing;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Signatures;

namespace Marketplace.Publishing.Tests.Signing;

/// <summary>What the tasks put between signing and its rules.</summary>
internal static class SigningTerms
{
    public static SasPolicy PolicyFor(string levels)
    {
        SignatureTerms terms = SignatureTerms.For(levels, DateTimeOffset.UtcNow);
        return new SasPolicy { StartBefore = terms.StartBefore, NotExpiringBefore = terms.NotExpiringBefore, UseHttps = terms.UseHttps };
    }

    public static IReadOnlyList<Finding> Judge(Uri uri, string levels) =>
        SignatureRules.Judge([new SuppliedSasUri(uri.AbsoluteUri, "/src/vm.vmproj", "the URI")], "/src/vm.vmproj", new ValidationOptions { Levels = levels });
}
