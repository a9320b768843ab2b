using System.Buffers.Binary;
using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows.Boot;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3014.</summary>
[TestClass]
public sealed class BootConfigurationTests
{
    private const string Loader = "{6efb52bf-1766-41db-a6b3-0ee5eff72bd7}";
    private const string Path = "/EFI/Microsoft/Boot/BCD";

    [TestMethod]
    public void A_store_as_Azure_has_it_passes() => Assert.AreEqual(Outcome.Passed, Check(Store(), Path).Outcome);

    [TestMethod]
    public void Both_places_and_any_case_are_found()
    {
        Assert.AreEqual(Outcome.Passed, Check(Store(), "/Boot/BCD").Outcome);
        Assert.AreEqual(Outcome.Passed, Check(Store(), "/EFI/MICROSOFT/BOOT/bcd").Outcome);
    }

    [TestMethod]
    [DataRow(BcdFormat.BootManager, BcdFormat.IntegrityServices, "integrityservices of {bootmgr} is not enable")]
    [DataRow(Loader, BcdFormat.IntegrityServices, "integrityservices of {default} is not enable")]
    [DataRow(Loader, BcdFormat.AutoRecoveryEnabled, "recoveryenabled of {default} is not Off")]
    [DataRow(Loader, BcdFormat.BootStatusPolicy, "bootstatuspolicy of {default} is not IgnoreAllFailures")]
    [DataRow(Loader, BcdFormat.ApplicationDevice, "the device of {default} is not a partition")]
    public void A_missing_element_is_noted(string found, string element, string expected) =>
        Assert.AreEqual(expected, Check(Store().RemoveKey(Element(found, element)), Path).Observations.Single().Found);

    [TestMethod]
    public void Other_values_are_noted()
    {
        Assert.HasCount(1, Check(Store().Set(Element(Loader, BcdFormat.AutoRecoveryEnabled), "Element", [1]), Path).Observations);
        Assert.HasCount(1, Check(Store().Set(Element(Loader, BcdFormat.BootStatusPolicy), "Element", Integer(0)), Path).Observations);
        Assert.HasCount(1, Check(Store().Set(Element(Loader, BcdFormat.ApplicationDevice), "Element", Device(0)), Path).Observations);
        Assert.HasCount(1, Check(Store().Set(Element(Loader, BcdFormat.AutoRecoveryEnabled), "Element", 0u), Path).Observations);
    }

    [TestMethod]
    public void Only_the_default_entry_counts() =>
        Assert.AreEqual(Outcome.Passed, Check(Store().Set(Element("{11111111-1766-41db-a6b3-0ee5eff72bd7}", BcdFormat.AutoRecoveryEnabled), "Element", [1]), Path).Outcome);

    [TestMethod]
    public void A_default_entry_that_is_missing_is_noted() => Assert.Contains("no default entry", Check(Store().RemoveKey(@"Objects\" + Loader), Path).Observations.Single().Found);

    [TestMethod]
    public void A_damaged_or_missing_store_cannot_be_checked()
    {
        Assert.ThrowsExactly<CannotCheckException>(() => BootConfiguration.CheckStores("/images/os.vhd", [.. BcdStore.Find(new MemoryTree())]));
        Assert.ThrowsExactly<DiskFormatException>(() => BcdStore.Find(new MemoryTree().Add(Path, "garbage")).ToArray());
    }

    private static CheckResult Check(HiveBuilder hive, string path) =>
        BootConfiguration.CheckStores("/images/os.vhd", [.. BcdStore.Find(new MemoryTree().Add(path, hive.ToBytes()))]);

    private static HiveBuilder Store() => new HiveBuilder()
        .Set(Element(BcdFormat.BootManager, BcdFormat.DefaultObject), "Element", Loader)
        .Set(Element(BcdFormat.BootManager, BcdFormat.IntegrityServices), "Element", Integer(1))
        .Set(Element(Loader, BcdFormat.IntegrityServices), "Element", Integer(1))
        .Set(Element(Loader, BcdFormat.AutoRecoveryEnabled), "Element", [0])
        .Set(Element(Loader, BcdFormat.BootStatusPolicy), "Element", Integer(1))
        .Set(Element(Loader, BcdFormat.ApplicationDevice), "Element", Device(6));

    private static string Element(string found, string element) => $@"Objects\{found}\Elements\{element}";

    private static byte[] Integer(ulong value)
    {
        byte[] data = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(data, value);
        return data;
    }

    private static byte[] Device(byte kind)
    {
        byte[] data = new byte[0x58];
        data[16] = kind;
        return data;
    }
}
