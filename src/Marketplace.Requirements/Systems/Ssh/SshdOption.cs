namespace Marketplace.Requirements.Systems.Ssh;

/// <summary>An option of sshd_config that counts.</summary>
/// <param name="Arguments">Its arguments, unquoted; empty when the line has none, which sshd refuses.</param>
/// <param name="Path">The file it stands in.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Text">The line as it stands.</param>
internal sealed record SshdOption(IReadOnlyList<string> Arguments, string Path, int Line, string Text);
