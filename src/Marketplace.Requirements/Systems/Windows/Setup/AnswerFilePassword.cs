namespace Marketplace.Requirements.Systems.Windows.Setup;

/// <summary>Where a password stands in an answer file.</summary>
/// <param name="Element">The element it is for, for example <c>AutoLogon/Password</c>.</param>
/// <param name="Line">The line, from 1.</param>
internal sealed record AnswerFilePassword(string Element, int Line);
