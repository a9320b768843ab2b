using System.Globalization;
using System.Reflection;
using System.Text;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Repairs;

/// <summary>Writes the repair script of a report: a header, the functions that its steps use, the steps by stage, and what is left to a person.</summary>
internal static class RepairScriptWriter
{
    private static readonly ScriptLanguage[] Languages = [ScriptLanguage.Shell, ScriptLanguage.PowerShell];

    /// <summary>The script, or null when nothing that was found can be mended by it.</summary>
    public static RepairScript? Write(ValidationReport report)
    {
        IReadOnlyList<RepairStep> steps = RepairStep.Of(report.Diagnostics);
        if (steps.Count == 0)
        {
            return null;
        }

        ScriptLanguage language = Languages.First(language => language.Speaks(steps[0].Findings[0].Code));
        StringBuilder script = new();
        script.Append(language.FirstLine);
        WriteHeader(script, report);
        script.Append(language.Prelude);
        IReadOnlyDictionary<string, string> titles = report.Results.ToDictionary(result => result.Id, result => result.Title, StringComparer.Ordinal);
        int number = 0;
        foreach (RepairStage stage in Enum.GetValues<RepairStage>())
        {
            script.Append(CultureInfo.InvariantCulture, $"\n# === {NameOf(stage)} ===\n");
            foreach (RepairStep step in steps.Where(step => step.Repair.Stage == stage))
            {
                WriteStep(script, language, step, ++number, titles);
            }

            if (stage == RepairStage.BootMenu)
            {
                script.Append(language.BootMenuStep);
            }
        }

        Finding[] left = [.. report.Diagnostics.Where(finding => finding.Repair is null)];
        WriteLeft(script, left);
        script.Append(language.End(left.Length));
        return new RepairScript(language.FileName, language.Encode(script.ToString()));
    }

    private static void WriteHeader(StringBuilder script, ValidationReport report)
    {
        string version = typeof(RepairScriptWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
        string name = string.Join('/', new[] { report.Image.Publisher, report.Image.Offer, report.Image.Sku }.Where(part => part.Length > 0));
        string time = report.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        WriteComment(script, $"{RepairScript.Mark} {version} on {time}.");
        WriteComment(script, $"Mends what was found in the image {(name.Length > 0 ? name : "of " + Path.GetFileName(report.Image.ProjectFile))}, version {report.Image.Version}.");
        WriteComment(script, "");
        WriteComment(script, "Read it, then run it as root or administrator inside the machine that the image is captured from.");
        WriteComment(script, "WARNING: the last stages remove accounts, keys, histories, logs and what makes this machine itself. Afterwards");
        WriteComment(script, "the machine is to be shut down and captured, not used: you may not be able to log in to it again.");
        script.Append('\n');
    }

    private static void WriteStep(StringBuilder script, ScriptLanguage language, RepairStep step, int number, IReadOnlyDictionary<string, string> titles)
    {
        script.Append('\n');
        foreach (Finding finding in step.Findings)
        {
            WriteComment(script, $"{finding.Code} {titles.GetValueOrDefault(finding.Code, "")}");
            WriteComment(script, $"{finding.File}{(finding.PathInDisk.Length > 0 ? ", " + ScriptText.Place(finding) : "")}: {finding.Found}");
        }

        script.Append(language.Step(number, step.Label, step.Repair.Commands.TrimEnd('\n')));
    }

    private static void WriteLeft(StringBuilder script, Finding[] left)
    {
        if (left.Length == 0)
        {
            return;
        }

        script.Append("\n# === Not mended by this script ===\n");
        foreach (Finding finding in left)
        {
            WriteComment(script, "");
            WriteComment(script, $"{finding.Code} {ScriptText.Place(finding)}: {finding.Found}");
            WriteComment(script, (finding.Outcome == Outcome.Inconclusive ? "It could not be checked: " : "To mend it: ") + finding.Remedy);
        }
    }

    private static void WriteComment(StringBuilder script, string text) => script.Append(text.Length == 0 ? "#" : "# " + ScriptText.Comment(text)).Append('\n');

    private static string NameOf(RepairStage stage) => stage switch
    {
        RepairStage.Software => "Software",
        RepairStage.Configuration => "Configuration",
        RepairStage.BootMenu => "Boot menu",
        RepairStage.Accounts => "Accounts, passwords and keys",
        RepairStage.Cleanup => "State of this machine",
        _ => "Generalisation, the last step",
    };
}
