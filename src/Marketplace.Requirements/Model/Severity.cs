namespace Marketplace.Requirements.Model;

/// <summary>How much a finding weighs. The order matters: a greater value is stricter.</summary>
public enum Severity
{
    /// <summary>Not asked for.</summary>
    None,

    /// <summary>Worth knowing; written to the report only.</summary>
    Info,

    /// <summary>A recommendation; a warning of the build.</summary>
    Warning,

    /// <summary>A rule whose breach leads to a refusal; an error of the build.</summary>
    Error,
}
