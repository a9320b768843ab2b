using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Systems.Boot;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Tests.Support.Distributions;

namespace Marketplace.Requirements.Tests.Linux;

/// <summary>Which of several menus of GRUB on the EFI system partition the firmware of a new machine starts.</summary>
[TestClass]
public sealed class UefiMenuTests
{
    private const string Bad = "menuentry 'Old' { linux /vmlinuz-4.18.0-80.el8.x86_64 root=/dev/sda2 ro quiet libata.atapi_enabled=0 }\n";
    private const string Good = "menuentry 'New' { linux /vmlinuz-4.18.0-80.el8.x86_64 root=/dev/sda2 ro console=ttyS0 }\n";
    private const string List = "shimx64.efi,Linux,,boot\n";

    [TestMethod]
    public void DirectoryThatFallbackNamesIsJudged()
    {
        MemoryTree tree = Menus().Add("/boot/efi/EFI/Boot/fbx64.efi", "MZ").Add("/boot/efi/EFI/almalinux/BOOTX64.CSV", List);

        Assert.AreEqual("/boot/efi/EFI/almalinux/grub.cfg", BootMenuReader.Read(tree).UefiDefault!.Path);
        Assert.AreEqual("", tree.Severities<KernelConsole>());

        tree.Remove("/boot/efi/EFI/almalinux/BOOTX64.CSV").Add("/boot/efi/EFI/centos/bootx64.csv", List);
        Assert.AreEqual("/boot/efi/EFI/centos/grub.cfg", Assert.ContainsSingle(tree.Check<KernelConsole>().Observations).PathInDisk);
        Assert.AreEqual("Warning Info", tree.Severities<KernelParametersToAvoid>());
    }

    [TestMethod]
    public void DirectoryBuiltIntoTheLoaderIsJudged()
    {
        MemoryTree tree = Menus().Add("/boot/efi/EFI/Boot/grubx64.efi", "MZ\0(,gpt1)/EFI/almalinux\0/EFI/centos.d\0");
        Assert.AreEqual("", tree.Severities<KernelConsole>());

        tree.Add("/boot/efi/EFI/Boot/grubx64.efi", "MZ\0/EFI/CENTOS\0");
        Assert.AreEqual("/boot/efi/EFI/centos/grub.cfg", Assert.ContainsSingle(tree.Check<KernelConsole>().Observations).PathInDisk);
    }

    [TestMethod]
    public void StaleMenuBesideOneThatLeadsToBootDoesNotCount()
    {
        MemoryTree tree = EnterpriseLinux.Alma9().Add("/boot/efi/EFI/centos/grub.cfg", Bad);

        Assert.AreEqual("", tree.Severities<KernelConsole>());
        Assert.IsEmpty(BootMenuReader.Read(tree).Undecided);
    }

    [TestMethod]
    public void MenusThatCannotBeToldApartAreInconclusiveWhereTheyDiffer()
    {
        foreach (MemoryTree tree in (MemoryTree[])[
            Menus(),
            Menus().Add("/boot/efi/EFI/Boot/fbx64.efi", "MZ").Add("/boot/efi/EFI/almalinux/BOOTX64.CSV", List).Add("/boot/efi/EFI/centos/BOOTX64.CSV", List),
            Menus().Add("/boot/efi/EFI/Boot/grubx64.efi", "MZ\0/EFI/almalinux\0/EFI/centos\0"),
        ])
        {
            StringAssert.Contains(Assert.ThrowsExactly<CannotCheckException>(() => tree.Check<KernelConsole>()).Message, "/boot/efi/EFI/centos/grub.cfg");
            StringAssert.Contains(Assert.ThrowsExactly<CannotCheckException>(() => tree.Check<KernelParametersToAvoid>()).Message, "libata.atapi_enabled=0");

            // What every one of them has is known.
            tree.Add("/boot/efi/EFI/centos/grub.cfg", Good.Replace("New", "Other", StringComparison.Ordinal).Replace(" ro ", " rw ", StringComparison.Ordinal));
            Assert.AreEqual("", tree.Severities<KernelConsole>());

            // And what the menu below /boot lacks is told all the same.
            tree.Add("/boot/grub2/grub.cfg", Bad);
            Assert.AreEqual("Error", tree.Severities<KernelConsole>());
        }
    }

    [TestMethod]
    public void WithoutMenuBelowBootNoneIsPickedByItsName()
    {
        MemoryTree tree = Menus().Remove("/boot/grub2").Remove("/boot/loader");
        StringAssert.Contains(Assert.ThrowsExactly<CannotCheckException>(() => tree.Check<KernelConsole>()).Message, "cannot be told");

        tree.Add("/boot/efi/EFI/Boot/fbx64.efi", "MZ").Add("/boot/efi/EFI/centos/BOOTX64.CSV", List);
        Assert.AreEqual("Error", tree.Severities<KernelConsole>());
    }

    [TestMethod]
    public void AnotherKernelUnderUefiIsNotPassedOver()
    {
        MemoryTree tree = EnterpriseLinux.RedHat8().Add("/boot/efi/EFI/redhat/grub.cfg", Good);
        StringAssert.Contains(Assert.ThrowsExactly<CannotCheckException>(() => tree.Check<HyperVDrivers>()).Message, "/vmlinuz-4.18.0-80.el8.x86_64 by /boot/efi/EFI/redhat/grub.cfg");
        Assert.ThrowsExactly<CannotCheckException>(() => tree.Check<SecurityPatches>());

        // The same kernel by another path is the same.
        tree.Add("/boot/efi/EFI/redhat/grub.cfg", Good.Replace("/vmlinuz-4.18.0-80.el8.x86_64", "(hd0,gpt2)/vmlinuz-4.18.0-553.16.1.el8_10.x86_64", StringComparison.Ordinal));
        Assert.AreEqual("", tree.Severities<HyperVDrivers>());
    }

    [TestMethod]
    public void MenuThatAzureLinuxKeepsBesideEfiIsJudged()
    {
        MemoryTree tree = AzureLinux.AzureLinux3().Add("/boot/efi/boot/grub2/grub.cfg", Bad);

        Assert.AreEqual("/boot/efi/boot/grub2/grub.cfg", Assert.ContainsSingle(tree.Check<KernelConsole>().Observations).PathInDisk);
    }

    private static MemoryTree Menus() => LinuxTrees.RedHat()
        .Add("/boot/efi/EFI/Boot/bootx64.efi", "MZ")
        .Add("/boot/efi/EFI/almalinux/grub.cfg", Good)
        .Add("/boot/efi/EFI/centos/grub.cfg", Bad);
}
