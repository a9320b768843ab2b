namespace Marketplace.Requirements.Model;

/// <summary>Where customers find the offer: publisher, offer and SKU are parts of it and cannot be changed later.</summary>
/// <param name="Level">The level that names this form.</param>
/// <param name="Place">What is there, a few words.</param>
/// <param name="Uri">The address.</param>
public sealed record OfferAddress(RequirementsLevel Level, string Place, string Uri)
{
    /// <summary>The addresses of an image; none while its identifiers are not all set or cannot stand in an address.</summary>
    /// <param name="image">The image.</param>
    public static IReadOnlyList<OfferAddress> Of(ImageDeclaration image)
    {
        ArgumentNullException.ThrowIfNull(image);
        string publisher = image.Publisher.Trim();
        string offer = image.Offer.Trim();
        string sku = image.Sku.Trim();
        return new[] { publisher, offer, sku }.All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            ?
            [
                // Guide, 1: the two forms it shows, without separator between offer and SKU in the portal.
                new(RequirementsLevel.Guide201510, "Azure Marketplace", $"http://azure.microsoft.com/marketplace/partners/{publisher}/{offer}-{sku}"),
                new(RequirementsLevel.Guide201510, "Azure portal", $"https://portal.azure.com/#gallery/{publisher}.{offer}{sku}"),
                new(RequirementsLevel.Current, "Azure Marketplace", $"https://azuremarketplace.microsoft.com/marketplace/apps/{publisher}.{offer}"),
                new(RequirementsLevel.Current, "Azure portal", $"https://portal.azure.com/#create/{publisher}.{offer}{sku}"),
            ]
            : [];
    }
}
