using System.Text.RegularExpressions;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Declaration;

/// <summary>MKT1019: publisher, offer and SKU are identifiers the Marketplace takes.</summary>
internal sealed partial class IdentifierForm : Requirement
{
    public override string Id => "MKT1019";

    public override string Title => "Identifiers of publisher, offer and SKU";

    public override string Section => "1.2";

    public override Criterion Guide { get; } = new(Severity.Error, "the identifiers of publisher, offer and SKU are parts of a URL: letters, digits, hyphens, underscores and dots", "Guide, 1 and 1.2");

    public override Criterion Current { get; } = new(Severity.Error, "offer and SKU are lower-case letters, digits, hyphens and underscores, do not start with a hyphen or underscore and have at most 50 characters, a SKU at least 3; the publisher has letters, digits, hyphens and underscores", "Partner Center schema");

    public override string Why => "The identifiers are parts of the offer's URL and cannot be changed later";

    public override string Remedy => "correct VmImagePublisher, VmImageOffer or VmImageSku in the project, for example contoso, appliance, standard";

    public override CheckResult Check(ImageContext context)
    {
        (string Name, string Value, Regex Form)[] identifiers =
        [
            ("VmImagePublisher", context.Image.Publisher, Publisher()),
            ("VmImageOffer", context.Image.Offer, Offer()),
            ("VmImageSku", context.Image.Sku, Sku()),
        ];
        List<Observation> observations = [.. identifiers
            .Where(identifier => !string.IsNullOrWhiteSpace(identifier.Value) && !identifier.Form.IsMatch(identifier.Value.Trim()))
            .Select(identifier => new Observation(context.Image.ProjectFile, $"{identifier.Name} is \"{Evidence.Quote(identifier.Value)}\"")
            {
                Guide = Url().IsMatch(identifier.Value.Trim()) ? Severity.None : null,
            })];
        if (observations.Count == 0 && identifiers.Any(identifier => string.IsNullOrWhiteSpace(identifier.Value)))
        {
            throw new CannotCheckException("publisher, offer and SKU are not all set", reported: true);
        }

        return CheckResult.From(observations);
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_-]{1,49}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Publisher();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,49}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Offer();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{2,49}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sku();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Url();
}
