using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Engine;

/// <summary>Something a check found that is worth telling, before levels and overrides decide how much it weighs.</summary>
/// <param name="File">Absolute path of the disk image or project file it is about.</param>
/// <param name="Found">What was found, one plain sentence without a final full stop.</param>
internal sealed record Observation(string File, string Found)
{
    /// <summary>Path inside the disk; empty when it is about the disk as such.</summary>
    public string PathInDisk { get; init; } = "";

    /// <summary>Line in <see cref="PathInDisk"/>, from 1; 0 when there is none.</summary>
    public int Line { get; init; }

    /// <summary>The words found on the disk as they are; the engine escapes and shortens them. Never a secret.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>Its severity under <c>2015-10</c>; null for the severity of the criterion.</summary>
    public Severity? Guide { get; init; }

    /// <summary>Its severity under <c>current</c>; null for the severity of the criterion.</summary>
    public Severity? Current { get; init; }

    /// <summary>What is asked, when the criterion's sentence does not fit; empty otherwise.</summary>
    public string Asked { get; init; } = "";

    /// <summary>The remedy, when the requirement's does not fit; empty otherwise.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>Commands that mend it inside the machine; null when only a person, or another disk, can.</summary>
    public Repair? Repair { get; init; }
}
