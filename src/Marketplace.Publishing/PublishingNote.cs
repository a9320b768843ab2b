namespace Marketplace.Publishing;

/// <summary>Something to warn about.</summary>
/// <param name="Code">The diagnostic code.</param>
/// <param name="Message">What was found and what to do, in plain sentences.</param>
public sealed record PublishingNote(string Code, string Message);
