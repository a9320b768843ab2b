using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Disks;

/// <summary>A requirement that every disk must satisfy by itself.</summary>
internal abstract class DiskRequirement : Requirement
{
    public sealed override CheckResult Check(ImageContext context)
    {
        List<Observation> observations = [];
        CannotCheckException? blocked = null;
        int looked = 0;

        // A disk that cannot be looked at must not hide what is wrong with another one.
        foreach (DiskUnderCheck disk in context.Disks.Where(disk => IsAbout(context, disk)))
        {
            looked++;
            try
            {
                observations.AddRange(CheckDisk(context, disk));
            }
            catch (CannotCheckException exception)
            {
                // An unreported cause weighs more: it is shown.
                blocked = blocked is { Reported: false } ? blocked : exception;
            }
        }

        if (context.OSDisk is null && IsAboutOSDisks && observations.Count == 0)
        {
            context.RequireOSDisk();
        }

        if (observations.Count == 0 && blocked is not null)
        {
            throw blocked;
        }

        return looked == 0 ? CheckResult.NotApplicable(NothingToCheck) : CheckResult.From(observations);
    }

    /// <summary>Whether a missing OS disk leaves the requirement without an answer.</summary>
    protected virtual bool IsAboutOSDisks => true;

    /// <summary>Why there is nothing to check when no disk is concerned.</summary>
    protected virtual string NothingToCheck => "the image has no such disk";

    /// <summary>Whether the requirement is about the disk.</summary>
    protected virtual bool IsAbout(ImageContext context, DiskUnderCheck disk) => true;

    /// <summary>Checks one disk.</summary>
    /// <exception cref="CannotCheckException">The check cannot answer.</exception>
    protected abstract IEnumerable<Observation> CheckDisk(ImageContext context, DiskUnderCheck disk);
}
