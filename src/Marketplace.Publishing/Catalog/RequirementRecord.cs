namespace Marketplace.Publishing.Catalog;

/// <summary>The outcome of one requirement, kept with a published version.</summary>
/// <param name="Id">The requirement.</param>
/// <param name="Outcome">Its outcome.</param>
/// <param name="Justification">The justification of an override; empty when there is none.</param>
public sealed record RequirementRecord(string Id, string Outcome, string Justification);
