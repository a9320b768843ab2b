namespace Marketplace.Publishing.Signing;

/// <summary>What is wrong with a signed URI. Never holds the signature.</summary>
/// <param name="Code">MKT4003 to MKT4009.</param>
/// <param name="IsError">Whether a level refuses the URI; else it is a warning.</param>
/// <param name="Message">What was found, what is asked by which level, what to do.</param>
public sealed record SasProblem(string Code, bool IsError, string Message);
