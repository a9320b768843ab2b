using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Boot;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2015: the kernel waits for the OS disk.</summary>
internal sealed class KernelRootDelay : KernelLineRequirement
{
    public override string Id => "MKT2015";

    public override string Title => "Kernel parameter rootdelay=300";

    public override Criterion Guide { get; } = new(Severity.Error, "the kernel line has rootdelay=300", "Guide, 2.5");

    public override Criterion Current { get; } = new(Severity.Info, "the self-test notes a missing rootdelay=300; the documentation no longer asks for it", "Self-test 40; VM certification FAQ since November 2021");

    public override string Why => "The OS disk comes from cloud storage; the kernel waits for it. Today the parameter is only noted";

    protected override string Parameter => "rootdelay=300";

    // The kernel takes the last value of a parameter that is given twice.
    protected override bool IsSatisfied(IReadOnlyList<string> arguments, bool isX64) =>
        KernelArguments.ValuesOf(arguments, "rootdelay").LastOrDefault() == "300";
}
