using System.Text.RegularExpressions;

namespace Marketplace.Build.Sdk.Tests.Harness;

/// <summary>A diagnostic as the console showed it.</summary>
internal sealed record Diagnostic(string Kind, string Code, string File, string Text, string Project);

/// <summary>What a command printed.</summary>
internal sealed partial record BuildOutput(int ExitCode, string Text)
{
    public IReadOnlyList<Diagnostic> Errors => field ??= Find("error");

    public IReadOnlyList<Diagnostic> Warnings => field ??= Find("warning");

    public bool Succeeded => ExitCode == 0;

    /// <summary>Asserts success, showing the output otherwise.</summary>
    public BuildOutput MustSucceed()
    {
        Assert.AreEqual(0, ExitCode, Text);
        Assert.IsEmpty(Errors, Text);
        return this;
    }

    /// <summary>Asserts that the command failed with one error line, of this code, and without a stack trace.</summary>
    public Diagnostic MustFailWith(string code)
    {
        Assert.AreNotEqual(0, ExitCode, Text);
        AssertIsReadable();
        Assert.AreEqual(code, string.Join(' ', Errors.Select(error => error.Code)), Text);
        return Errors[0];
    }

    /// <summary>The errors of one project of several that were built.</summary>
    public IReadOnlyList<Diagnostic> ErrorsOf(string projectName) =>
        [.. Errors.Where(error => Path.GetFileNameWithoutExtension(error.Project) == projectName)];

    /// <summary>Asserts that nothing in the output looks like a crash.</summary>
    public void AssertIsReadable()
    {
        Assert.DoesNotContain("   at ", Text, Text);
        Assert.DoesNotContain("Unhandled", Text, Text);
        Assert.DoesNotContain("error MSB", Text, Text);
    }

    // The summary of "dotnet build" repeats every diagnostic.
    private string BeforeSummary => Text.Split("\nBuild FAILED.")[0].Split("\nBuild succeeded.")[0];

    private IReadOnlyList<Diagnostic> Find(string kind) =>
    [
        .. DiagnosticLine().Matches(BeforeSummary)
            .Where(match => match.Groups["kind"].Value == kind)
            .Select(match => new Diagnostic(
                kind,
                match.Groups["code"].Value,
                match.Groups["file"].Value.Trim(),
                match.Groups["text"].Value,
                match.Groups["project"].Success ? match.Groups["project"].Value : match.Groups["file"].Value.Trim())),
    ];

    // MSBuild leaves the project out when it is the file itself.
    [GeneratedRegex(@"^(?<file>[^\r\n]*?)(\(\d+(,\d+)*\))? ?: (?<kind>error|warning) (?<code>[A-Za-z]+\d+)?: (?<text>[^\r\n]*?)( \[(?<project>[^\]\r\n]+proj)\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex DiagnosticLine();
}
