using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Boot;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2013: the kernel writes its console to the serial port.</summary>
internal sealed class KernelConsole : KernelLineRequirement
{
    public override string Id => "MKT2013";

    public override string Title => "Kernel parameter console=ttyS0";

    public override Criterion Guide { get; } = new(Severity.Error, "the kernel line has console=ttyS0", "Guide, 2.5");

    public override Criterion Current { get; } = new(Severity.Error, "the kernel line has console=ttyS0 (ttyAMA0 on arm64)", "Self-test 40; LISA verify_serial_console_is_enabled");

    public override string Why => "Azure support reads the serial console; it must be on even when customers have no SSH access";

    protected override string Parameter => "console=ttyS0";

    protected override bool IsSatisfied(IReadOnlyList<string> arguments, bool isX64) =>
        KernelArguments.HasConsole(arguments, "ttyS0") || (!isX64 && KernelArguments.HasConsole(arguments, "ttyAMA0"));
}
