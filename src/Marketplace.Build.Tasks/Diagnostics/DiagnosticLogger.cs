using Marketplace.Requirements.Model;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Marketplace.Build.Tasks.Diagnostics;

/// <summary>The one way to log: every error and warning has a code, its help link, and the file it is about.</summary>
/// <param name="log">The log of the task.</param>
/// <param name="projectFile">Absolute path of the project: the file of everything that is about no other.</param>
internal sealed class DiagnosticLogger(TaskLoggingHelper log, string projectFile)
{
    /// <summary>Logs an error.</summary>
    /// <param name="code">The diagnostic code.</param>
    /// <param name="message">What was found, what is asked and what to do.</param>
    /// <param name="file">The file it is about; null for the project.</param>
    public void Error(string code, string message, string? file = null) =>
        log.LogError(null, code, code, HelpLinks.For(code), file ?? projectFile, 0, 0, 0, 0, "{0}", OneLine(message));

    /// <summary>Logs a warning.</summary>
    /// <param name="code">The diagnostic code.</param>
    /// <param name="message">What was found, what is asked and what to do.</param>
    /// <param name="file">The file it is about; null for the project.</param>
    public void Warning(string code, string message, string? file = null) =>
        log.LogWarning(null, code, code, HelpLinks.For(code), file ?? projectFile, 0, 0, 0, 0, "{0}", OneLine(message));

    /// <summary>Logs a line that is shown by default.</summary>
    /// <param name="message">One line.</param>
    public void Line(string message) => log.LogMessage(MessageImportance.High, "{0}", SecretRedactor.Redact(message));

    /// <summary>Logs what only a detailed log shows.</summary>
    /// <param name="message">Any text.</param>
    public void Detail(string message) => log.LogMessage(MessageImportance.Low, "{0}", SecretRedactor.Redact(message));

    /// <summary>Logs a finding with the weight it has.</summary>
    /// <param name="finding">The finding.</param>
    public void Finding(Finding finding)
    {
        switch (finding.Severity)
        {
            case Severity.Error:
                Error(finding.Code, finding.ToMessage(), finding.File);
                break;
            case Severity.Warning:
                Warning(finding.Code, finding.ToMessage(), finding.File);
                break;
            default:
                log.LogMessage(MessageImportance.Normal, "{0}", $"{finding.Code}: {finding.ToMessage()}");
                break;
        }
    }

    // A diagnostic is one line: a second one would look like another, uncoded message.
    private static string OneLine(string message) => SecretRedactor.Redact(message).ReplaceLineEndings(" ");
}
