using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux.Software;

[TestClass]
public sealed class ArchitectureTests
{
    private const ushort X64 = 62;
    private const ushort Arm64 = 183;

    [TestMethod]
    [DataRow(2, X64, "")]
    [DataRow(2, Arm64, "")]
    [DataRow(1, (ushort)3, "Error")]
    [DataRow(1, (ushort)40, "Error")]
    [DataRow(1, X64, "Error", DisplayName = "x32")]
    [DataRow(2, (ushort)243, "Error", DisplayName = "RISC-V")]
    public void Judges_class_and_machine(int kind, ushort machine, string severities) => Assert.AreEqual(
        severities,
        new MemoryTree().Add("/usr/lib/systemd/systemd", Header(kind, machine)).Link("/sbin/init", "../usr/lib/systemd/systemd").Severities<SystemIs64Bit>());

    [TestMethod]
    public void Both_programs_count() => Assert.AreEqual(
        "Error",
        new MemoryTree().Add("/sbin/init", Header(2, X64)).Add("/bin/dash", Header(1, 3)).Link("/bin/sh", "dash").Severities<SystemIs64Bit>());

    [TestMethod]
    public void A_script_is_passed_over() => Assert.AreEqual(
        "",
        new MemoryTree().Add("/sbin/init", "#!/bin/sh\n# not a program of the processor\n").Add("/usr/lib/systemd/systemd", Header(2, X64)).Severities<SystemIs64Bit>());

    [TestMethod]
    public void Is_inconclusive_when_no_program_tells_or_can_be_read()
    {
        Assert.ThrowsExactly<CannotCheckException>(() => new MemoryTree().Add("/bin/sh", "\u007FELF").Check<SystemIs64Bit>());
        Assert.ThrowsExactly<DiskFormatException>(() => new MemoryTree().Add("/bin/sh", Header(2, X64)).Unreadable("/sbin").Check<SystemIs64Bit>());
    }

    private static byte[] Header(int kind, ushort machine)
    {
        byte[] header = new byte[64];
        "\u007FELF"u8.CopyTo(header);
        header[4] = (byte)kind;
        header[5] = 1;
        header[18] = (byte)machine;
        header[19] = (byte)(machine >> 8);
        return header;
    }
}
