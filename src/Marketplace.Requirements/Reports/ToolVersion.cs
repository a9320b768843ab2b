namespace Marketplace.Requirements.Reports;

/// <summary>The version of this program, as reports name it.</summary>
internal static class ToolVersion
{
    /// <summary>X.Y.Z.</summary>
    public static string Text { get; } = typeof(ToolVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
