using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Engine;

/// <summary>Something an image must satisfy. Requirements hold no state: one instance serves every validation.</summary>
internal abstract class Requirement
{
    /// <summary>The stable id; never reused.</summary>
    public abstract string Id { get; }

    /// <summary>A short name.</summary>
    public abstract string Title { get; }

    /// <summary>The section of the guide; empty when the guide does not treat it.</summary>
    public virtual string Section => "";

    /// <summary>What the guide of October 2015 asks; null when it asks nothing.</summary>
    public virtual Criterion? Guide => null;

    /// <summary>What certification asks today; null when it asks nothing.</summary>
    public virtual Criterion? Current => null;

    /// <summary>Why it is asked: what goes wrong otherwise; plain sentences without the last full stop.</summary>
    public abstract string Why { get; }

    /// <summary>When it can be answered.</summary>
    public virtual CheckStages Stages => CheckStages.Build;

    /// <summary>What to type or edit to mend a breach, without a final full stop.</summary>
    public abstract string Remedy { get; }

    /// <summary>Whether only the newest level asked for counts, because it withdraws, reverses or extends the older rule.</summary>
    public virtual bool NewestWins => false;

    /// <summary>The criterion of a level; null when the level asks nothing.</summary>
    public Criterion? At(RequirementsLevel level) => level == RequirementsLevel.Guide201510 ? Guide : Current;

    /// <summary>Checks an image.</summary>
    /// <exception cref="CannotCheckException">The check cannot answer.</exception>
    /// <exception cref="DiskImages.DiskFormatException">Something the check needs cannot be read.</exception>
    public abstract CheckResult Check(ImageContext context);
}
