using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Software;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2006: Python is installed and not too old.</summary>
internal sealed class PythonIsInstalled : LinuxRequirement
{
    private static readonly Version Minimum = new(2, 6);
    private static readonly Version Recommended = new(3, 9);

    /// <summary>
    /// Distributions that are still maintained by their makers and whose own Python is older: it gets its security patches from
    /// them, and their agent runs on it. To warn of it would blame an image for what nobody can mend in it.
    /// </summary>
    private static readonly (string[] Ids, string Release, string Python)[] Maintained =
    [
        (["rhel", "almalinux", "rocky", "ol"], "8", "3.6"),
        (["rhel", "ol"], "7", "2.7"),
        (["ubuntu"], "20.04", "3.8"),
        (["ubuntu"], "18.04", "3.6"),
        (["sles", "sles_sap", "sle_hpc"], "15", "3.6"),
        (["sles", "sles_sap"], "12", "3.4"),
        (["sles", "sles_sap"], "12", "2.7"),
    ];

    public override string Id => "MKT2006";

    public override string Title => "Python";

    public override string Section => "2.3";

    public override Criterion Guide { get; } = new(Severity.Error, "Python 2.6 or later is installed, and is the one that the agent is a program for", "Guide, 2.3");

    public override Criterion Current { get; } = new(Severity.Error, "Python is installed, 2.6 or later (error), best 3.9 or later (warning below, unless it is the Python of a distribution that is still maintained)", "Self-test 45; LISA verify_python_version");

    public override string Why => "The agent and many extensions are programs in Python";

    public override string Remedy => "install python3 from the package manager; where the Python of the distribution is older than 3.9 and no longer maintained, move to a newer release";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        if (system.Python.Default is not { } python)
        {
            SystemExtensions.ThrowIfAnyMayBring(system.Tree, "Python");
            return CheckResult.From(new Observation(disk, "Python is not installed: there is no python3 or python in /usr/bin, and no platform-python")
            {
                Repair = new Repair(RepairStage.Software, "install_package python3 python3-base python"),
            });
        }

        if (system.Agent.IsPresent && ScriptInterpreter.FindMissing(system.Tree, system.Agent.BinaryPath) is { } missing && missing.Contains("python", StringComparison.Ordinal))
        {
            SystemExtensions.ThrowIfAnyMayBring(system.Tree, "Python");
            return CheckResult.From(new Observation(disk, $"the agent is a program for {Evidence.Quote(missing)}, which is not there; the system has {Evidence.Quote(python.Path)}") { PathInDisk = system.Agent.BinaryPath, Line = 1 });
        }

        if (python.Version is not { } version)
        {
            throw new CannotCheckException($"the version of {Evidence.Quote(python.Program)} is neither in its name nor in the package database");
        }

        if (version >= Recommended)
        {
            return CheckResult.Passed;
        }

        Observation observation = new(disk, $"Python is {version}, which is {Evidence.Quote(python.Path)}") { PathInDisk = python.Program };
        if (version < Minimum)
        {
            return CheckResult.From(observation with { Found = observation.Found + ", older than 2.6" });
        }

        bool maintained = IsMaintained(system.OsRelease, version);
        return CheckResult.From(observation with
        {
            Found = observation.Found + (maintained ? $", older than 3.9, but the one {Evidence.Quote(system.OsRelease.PrettyName)} ships and maintains" : ", older than 3.9"),
            Guide = Severity.None,
            Current = maintained ? Severity.Info : Severity.Warning,
        });
    }

    private static bool IsMaintained(OsRelease os, Version version) => Maintained.Any(row =>
        row.Ids.Contains(os.Id, StringComparer.Ordinal)
        && (os.VersionId == row.Release || os.VersionId.StartsWith(row.Release + ".", StringComparison.Ordinal))
        && version == Version.Parse(row.Python));
}
