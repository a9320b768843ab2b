using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3005: nothing in the configuration needs another drive than C: and D:.</summary>
internal sealed class DriveLetters : WindowsRequirement
{
    public override string Id => "MKT3005";

    public override string Title => "No other drive than C: and D:";

    public override string Section => "3.6";

    public override Criterion Guide { get; } = new(Severity.Warning, "no configuration uses drives other than C: and D:", "Guide, 3.6");

    public override Criterion Current { get; } = new(Severity.Warning, "no configuration uses drives other than C: and D:", "Create a VM from an approved base (2021)");

    public override string Why => "Only C: (the OS disk) and D: (the local temporary disk) are sure to exist on every machine";

    public override string Remedy => "move what is needed to C:, and change the place that names the other drive";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system) => CheckResult.From([.. ConfiguredPath.ReadAll(system)
        .Select(place => (Place: place, Letters: WindowsPath.DriveLetters(place.Text).Where(letter => letter is not ('C' or 'D')).ToArray()))
        .Where(found => found.Letters.Length > 0)
        .Select(found => new Observation(disk, $"{found.Place.Where} uses {string.Join(", ", found.Letters.Select(letter => letter + ":"))}")
        {
            PathInDisk = found.Place.PathInDisk,
            Evidence = found.Place.Text,
        })]);
}
