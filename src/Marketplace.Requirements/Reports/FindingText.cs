using System.Globalization;
using System.Text;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports;

/// <summary>Findings in words.</summary>
internal static class FindingText
{
    /// <summary>Found, asked (section, levels), why, remedy, in one line.</summary>
    public static string Message(Finding finding)
    {
        StringBuilder text = new();
        if (finding.PathInDisk.Length > 0)
        {
            text.Append(finding.PathInDisk);
            if (finding.Line > 0)
            {
                text.Append(':').Append(finding.Line.ToString(CultureInfo.InvariantCulture));
            }

            text.Append(": ");
        }

        text.Append(finding.Found);
        if (finding.Evidence.Length > 0 && !finding.Found.Contains(finding.Evidence, StringComparison.Ordinal))
        {
            text.Append(" (\"").Append(finding.Evidence).Append("\")");
        }

        text.Append(". Asked").Append(Origin(finding)).Append(": ").Append(finding.Asked);
        if (finding.Why.Length > 0)
        {
            text.Append(". Why: ").Append(finding.Why);
        }

        text.Append(". To mend it: ").Append(finding.Remedy).Append('.');
        if (finding.Justification.Length > 0)
        {
            text.Append(" Adjusted by the project: ").Append(finding.Justification).Append('.');
        }

        return Evidence.OneLine(text.ToString());
    }

    private static string Origin(Finding finding)
    {
        List<string> parts = [];
        if (finding.Section.Length > 0)
        {
            parts.Add("section " + finding.Section + " of the guide");
        }

        if (finding.Levels.Count > 0)
        {
            parts.Add((finding.Levels.Count == 1 ? "level " : "levels ") + string.Join(" and ", finding.Levels.Select(LevelNames.Of)));
        }

        return parts.Count == 0 ? "" : " (" + string.Join("; ", parts) + ")";
    }
}
