using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Boot;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2014: early kernel messages go to the serial port.</summary>
internal sealed class KernelEarlyPrintk : KernelLineRequirement
{
    public override string Id => "MKT2014";

    public override string Title => "Kernel parameter earlyprintk=ttyS0";

    public override Criterion Guide { get; } = new(Severity.Warning, "the kernel line has earlyprintk=ttyS0", "Guide, 2.5");

    public override Criterion Current { get; } = new(Severity.Warning, "the kernel line has earlyprintk=ttyS0", "VM certification FAQ (2022); self-test 40");

    public override string Why => "Messages before the console is up are lost otherwise";

    protected override string Parameter => "earlyprintk=ttyS0";

    // earlycon is what arm64 has instead of earlyprintk.
    protected override bool IsSatisfied(IReadOnlyList<string> arguments, bool isX64) =>
        KernelArguments.HasEarlyPrintk(arguments, "ttyS0")
        || (!isX64 && KernelArguments.HasConsole(arguments, "ttyAMA0") && arguments.Any(argument => argument is "earlycon" || argument.StartsWith("earlycon=", StringComparison.Ordinal)));
}
