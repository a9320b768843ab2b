namespace Marketplace.Requirements.Reports;

/// <summary>How many requirements came to each outcome.</summary>
internal sealed record ReportCounts(int Passed, int Failed, int NotApplicable, int Inconclusive, int NotChecked);
