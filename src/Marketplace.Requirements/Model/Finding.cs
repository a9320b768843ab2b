using Marketplace.Requirements.Reports;

namespace Marketplace.Requirements.Model;

/// <summary>One thing that was found, ready to be shown: as a diagnostic of the build and in the reports.</summary>
public sealed record Finding
{
    /// <summary>The code: a requirement's id, or <c>MKT0…</c> for a fault of the declaration itself.</summary>
    public required string Code { get; init; }

    /// <summary>The severity after levels and overrides were applied.</summary>
    public required Severity Severity { get; init; }

    /// <summary><see cref="Outcome.Failed"/> or <see cref="Outcome.Inconclusive"/>.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>Absolute path of the disk image or project file the finding is about.</summary>
    public required string File { get; init; }

    /// <summary>Path of the file inside the disk; empty when it is about the disk as such.</summary>
    public string PathInDisk { get; init; } = "";

    /// <summary>Line in <see cref="PathInDisk"/>, from 1; 0 when there is none.</summary>
    public int Line { get; init; }

    /// <summary>The words found on the disk, shortened and never a secret; empty when there are none.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>What was found, one plain sentence.</summary>
    public required string Found { get; init; }

    /// <summary>What is asked, one plain sentence.</summary>
    public required string Asked { get; init; }

    /// <summary>The levels that ask for it, oldest first; empty for declaration faults.</summary>
    public IReadOnlyList<RequirementsLevel> Levels { get; init; } = [];

    /// <summary>The section of the guide, for example <c>2.4</c>; empty when the guide does not treat it.</summary>
    public string Section { get; init; } = "";

    /// <summary>Why it is asked; plain sentences without the last full stop. Empty for declaration faults.</summary>
    public string Why { get; init; } = "";

    /// <summary>What to type or edit to mend it.</summary>
    public required string Remedy { get; init; }

    /// <summary>Commands that mend it inside the machine; null when only a person, or another disk, can.</summary>
    public Repair? Repair { get; init; }

    /// <summary>The justification of an override; empty when there is none.</summary>
    public string Justification { get; init; } = "";

    /// <summary>Everything in one line: found, asked (section, levels), why, remedy. The text of a build diagnostic.</summary>
    public string ToMessage() => FindingText.Message(this);
}
