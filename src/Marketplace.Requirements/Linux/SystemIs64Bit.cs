using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2035: the system is for 64-bit processors that Azure has.</summary>
internal sealed class SystemIs64Bit : LinuxRequirement
{
    /// <summary>The first process and the shell; of each the first that is there counts.</summary>
    private static readonly string[][] Programs = [["/sbin/init", "/usr/lib/systemd/systemd", "/lib/systemd/systemd"], ["/bin/sh", "/usr/bin/bash", "/usr/bin/env"]];

    public override string Id => "MKT2035";

    public override string Title => "64-bit system";

    public override Criterion Current { get; } = new(Severity.Error, "the system is made for x86-64 or arm64", "Self-test 49; LISA verify_azure_64bit_os; VM certification FAQ (2022)");

    public override string Why => "Azure supports no 32-bit systems: there is no agent for them, and extensions are 64-bit programs";

    public override string Remedy => "install the 64-bit edition of the distribution";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        List<Observation> observations = [];
        bool any = false;
        foreach (string[] paths in Programs)
        {
            foreach (string path in paths)
            {
                if (ElfMachine.Read(system.Tree, path) is not { } header)
                {
                    continue;
                }

                any = true;
                if (!header.Is64Bit || header.Machine is not (ElfHeader.X64 or ElfHeader.Arm64))
                {
                    observations.Add(new Observation(disk, $"{path} is a program for {header.Describe()}") { PathInDisk = path });
                }

                break;
            }
        }

        return any ? CheckResult.From(observations) : throw new CannotCheckException("neither /sbin/init nor /bin/sh is a program whose header tells the processor");
    }
}
