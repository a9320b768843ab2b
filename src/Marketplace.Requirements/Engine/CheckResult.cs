using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Engine;

/// <summary>The answer of a check. A check that cannot answer throws <see cref="CannotCheckException"/> or <see cref="DiskImages.DiskFormatException"/>.</summary>
internal sealed record CheckResult
{
    private CheckResult(Outcome outcome, string reason, IReadOnlyList<Observation> observations)
    {
        Outcome = outcome;
        Reason = reason;
        Observations = observations;
    }

    /// <summary>Failed when there are observations; the engine turns it into Passed when none of them weighs.</summary>
    public Outcome Outcome { get; }

    /// <summary>Why, for NotApplicable and NotChecked.</summary>
    public string Reason { get; }

    /// <summary>What was found.</summary>
    public IReadOnlyList<Observation> Observations { get; }

    /// <summary>Everything was read and is as asked.</summary>
    public static CheckResult Passed { get; } = new(Outcome.Passed, "", []);

    /// <summary>Everything was read; passed when there are no observations.</summary>
    public static CheckResult From(IReadOnlyList<Observation> observations) =>
        observations.Count == 0 ? Passed : new(Outcome.Failed, "", observations);

    /// <summary>One thing was found.</summary>
    public static CheckResult From(Observation observation) => new(Outcome.Failed, "", [observation]);

    /// <summary>The requirement is not about this image.</summary>
    public static CheckResult NotApplicable(string reason) => new(Outcome.NotApplicable, reason, []);

    /// <summary>The requirement is not about this image, but something is worth telling.</summary>
    public static CheckResult NotApplicable(string reason, Observation observation) => new(Outcome.NotApplicable, reason, [observation]);

    /// <summary>Only a running machine, or Azure, can answer.</summary>
    public static CheckResult NotChecked(string reason) => new(Outcome.NotChecked, reason, []);
}
