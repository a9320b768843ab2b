using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3003: Windows is of 64 bits.</summary>
internal sealed class SixtyFourBits : WindowsRequirement
{
    public override string Id => "MKT3003";

    public override string Title => "Windows of 64 bits";

    public override string Section => "3.1";

    public override Criterion Guide { get; } = new(Severity.Error, "Windows is of 64 bits, as all base images are", "Guide, 3.1: every base image it lists");

    public override Criterion Current { get; } = new(Severity.Error, "Windows is of 64 bits", "VM certification FAQ (2022): OS architecture; Partner Center schema: x64 and arm64 image types");

    public override string Why => "The platform starts no system of 32 bits from the Marketplace";

    public override string Remedy => "build the image from a Windows Server image of the Marketplace, which are all of 64 bits";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system)
    {
        Architecture architecture = system.Architecture;
        if (architecture.KernelIs64Bit == false)
        {
            return CheckResult.From(new Observation(disk, $"the kernel of Windows is for {architecture.Kernel}, which has 32 bits") { PathInDisk = Architecture.KernelPath });
        }

        if (architecture.VariableIs64Bit == false)
        {
            return CheckResult.From(new Observation(disk, "Windows says that its processor has 32 bits")
            {
                PathInDisk = WindowsSystem.SystemPath,
                Evidence = $"{Architecture.VariablePath}={architecture.Variable}",
            });
        }

        if (architecture.KernelIs64Bit is null && architecture.VariableIs64Bit is null && architecture.BuildIs64Bit == false)
        {
            return CheckResult.From(new Observation(disk, "the build of Windows is of 32 bits") { PathInDisk = WindowsSystem.SoftwarePath, Evidence = "BuildLabEx " + architecture.BuildLab });
        }

        return architecture.KernelIs64Bit == true || architecture.VariableIs64Bit == true || architecture.BuildIs64Bit == true || architecture.HasSysWow64
            ? CheckResult.Passed
            : throw new CannotCheckException("neither the kernel nor the registry says whether Windows is of 64 bits");
    }
}
