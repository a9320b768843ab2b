using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Software;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2007: the Python module pyasn1 is installed.</summary>
/// <remarks>
/// The newest level still documents it and only stopped to test it, which withdraws nothing: the stricter level counts, as with
/// rootdelay (MKT2015).
/// </remarks>
internal sealed class Pyasn1IsInstalled : LinuxRequirement
{
    private const string Module = "pyasn1";

    public override string Id => "MKT2007";

    public override string Title => "Python module pyasn1";

    public override string Section => "2.3";

    public override Criterion Guide { get; } = new(Severity.Warning, "the Python module pyasn1 is installed", "Guide, 2.3");

    public override Criterion Current { get; } = new(Severity.Info, "the Python module pyasn1 is installed: documented for the agent, no longer tested", "Prepare Linux for imaging in Azure (2022)");

    public override string Why => "Agents of the time of the guide read certificates with it; newer ones do without";

    public override string Remedy => "apt-get install python3-pyasn1, dnf install python3-pyasn1, or zypper install python3-pyasn1";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        if (system.Python.All.Count == 0)
        {
            SystemExtensions.ThrowIfAnyMayBring(system.Tree, "Python");
            throw new CannotCheckException("Python is not installed", reported: true) { ReportedBy = ["MKT2006"] };
        }

        (string Directory, string Interpreter)[] libraries = [.. PythonLibraries.Find(system.Tree)];
        if (libraries.Any(library => IsInstalled(library.Interpreter, system.Python) && HasModule(system.Tree, library.Directory)))
        {
            return CheckResult.Passed;
        }

        SystemExtensions.ThrowIfAnyMayBring(system.Tree, "the Python module pyasn1");
        string? other = libraries.Select(library => library.Directory).FirstOrDefault(directory => HasModule(system.Tree, directory));
        return CheckResult.From(new Observation(disk, other is null
            ? "the Python module pyasn1 is not installed for any Python of the system"
            : "the Python module pyasn1 is installed only for a Python that is not")
        {
            PathInDisk = other ?? "",
            Repair = new Repair(RepairStage.Software, "install_package python3-pyasn1 python311-pyasn1 python-pyasn1"),
        });
    }

    private static bool IsInstalled(string interpreter, PythonFacts python) =>
        python.All.Any(one => one.Version is null || one.Version.ToString() == interpreter || one.Version.Major.ToString(System.Globalization.CultureInfo.InvariantCulture) == interpreter);

    // An empty directory of that name would import too, but holds nothing. An egg that is one archive has it inside.
    private static bool HasModule(FileTree tree, string directory) =>
        tree.FileExists($"{directory}/{Module}/__init__.py")
        || tree.FileExists($"{directory}/{Module}/__init__.pyc")
        || tree.List(directory).Any(name => name.StartsWith(Module + "-", StringComparison.Ordinal) && name.EndsWith(".egg", StringComparison.Ordinal)
            && tree.Stat($"{directory}/{name}") is { Kind: FileKind.Regular } or { Kind: FileKind.Directory });
}
