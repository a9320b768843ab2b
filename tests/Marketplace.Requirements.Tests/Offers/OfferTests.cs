using Marketplace.Requirements.Disks;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Offers;

/// <summary>What a project says of its offer.</summary>
[TestClass]
public sealed class OfferTests
{
    [TestMethod]
    [DataRow("Standard_D2s_v5;Standard_D4s_v5;Standard_D8s_v5", "")]
    [DataRow("Standard_E4-2ds_v5;Standard_NC24ads_A100_v4;Standard_M416-208s_v2", "")]
    [DataRow("Basic_A1;A3;ExtraLarge", "")]
    [DataRow("d2s-v3;d4s-v3;standard_b2ats_v2", "")]
    [DataRow("Standard_HB120-16rs_v3;Standard_ND96isr_MI300X_v5;Standard_DS11-1_v2", "")]
    [DataRow("Standard_D2s_v5;Standard_D4s_v5;standard_d2s_V5;Standard_D8s_v5", "Warning: the size \"Standard_D2s_v5\" is recommended twice")]
    [DataRow("D2s_v5;Standard_D2s_v5;Standard_D4s_v5;Standard_D8s_v5", "Warning: the size \"D2s_v5\" is recommended twice")]
    [DataRow("Standard_D2s_v5,Standard_D4s_v5;A1;A2", "Warning: \"Standard_D2s_v5,Standard_D4s_v5\" is not the name of a virtual machine size")]
    [DataRow("Standard D2s v5;A1;A2", "Warning: \"Standard D2s v5\" is not the name of a virtual machine size")]
    [DataRow("D1;D2;D3;D4;D5;D6;D7", "Error: 7 sizes are recommended")]
    public void Judges_the_recommended_sizes(string sizes, string found)
    {
        ImageDeclaration image = Images.Linux("/nowhere.vhd") with { RecommendedSizes = sizes.Split(';') };
        Assert.AreEqual(found, string.Join("; ", Images.Validate(image).Result("MKT1020").Findings.Select(finding => $"{finding.Severity}: {finding.Found}")));
    }

    [TestMethod]
    [DataRow("Debian 12", "debian", "12", "", "")]
    [DataRow("Debian 12.5", "debian", "12", "", "")]
    [DataRow("Debian GNU/Linux 12 (bookworm)", "debian", "12", "", "")]
    [DataRow("Bookworm", "debian", "12", "", "")]
    [DataRow("Debian Bullseye", "debian", "12", "", "version")]
    [DataRow("Debian 11", "debian", "12", "", "version")]
    [DataRow("Debian 64-bit", "debian", "12", "", "")]
    [DataRow("Debian", "debian", "", "", "")]
    [DataRow("Contoso Appliance 7", "debian", "12", "", "")]
    [DataRow("Appliance for Windows clients", "debian", "12", "", "")]
    [DataRow("Ubuntu 22.04", "debian", "12", "", "holds")]
    [DataRow("Windows Server 2022", "debian", "12", "", "holds")]
    [DataRow("Oracle Database on Ubuntu Server 22.04 LTS", "ubuntu", "22.04", "debian", "")]
    [DataRow("Ubuntu 22.04.3 LTS", "ubuntu", "22.04", "debian", "")]
    [DataRow("Ubuntu 24.04", "ubuntu", "22.04", "debian", "version")]
    [DataRow("Debian 12", "ubuntu", "22.04", "debian", "holds")]
    [DataRow("Red Hat Enterprise Linux 9.2", "rhel", "9.4", "fedora", "")]
    [DataRow("RHEL 8", "rhel", "9.4", "fedora", "version")]
    [DataRow("CentOS Stream 9", "centos", "9", "rhel fedora", "")]
    [DataRow("CentOS 7.9", "almalinux", "9.4", "rhel centos fedora", "holds")]
    [DataRow("SUSE Linux Enterprise Server 15 SP5", "sles", "15.5", "suse", "")]
    [DataRow("SLES for SAP 15", "sles_sap", "15.5", "suse", "")]
    [DataRow("Azure Linux 3", "azurelinux", "3.0", "", "")]
    [DataRow("Debian 12", "contoso", "3", "debian", "")]
    [DataRow("Ubuntu 22.04", "contoso", "3", "debian", "holds")]
    public void Compares_the_description_with_the_disk(string description, string id, string version, string like, string found)
    {
        MemoryTree tree = LinuxTrees.Debian();
        tree.Add("/etc/os-release", $"ID={id}\nVERSION_ID=\"{version}\"\nID_LIKE=\"{like}\"\nPRETTY_NAME=\"{id} {version}\"\n");
        CheckResult result = OSDescription.Compare("/disks/os.vhd", description, new(tree));
        Assert.AreEqual(found.Length == 0 ? Outcome.Passed : Outcome.Failed, result.Outcome);
        Assert.IsTrue(result.Observations.All(observation => observation.Found.Contains(found, StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_description_that_cannot_be_compared_is_not_passed()
    {
        MemoryTree tree = LinuxTrees.Debian();
        tree.Add("/etc/os-release", "ID=contoso\n");
        Assert.ThrowsExactly<CannotCheckException>(() => OSDescription.Compare("/disks/os.vhd", "Debian 12", new(tree)));
        Assert.AreEqual(Outcome.Inconclusive, Images.Validate(Images.Linux("/nowhere.vhd") with { OperatingSystem = "Debian 12" }).Result("MKT1021").Outcome);
    }

    [TestMethod]
    [DataRow("", Severity.Info)]
    [DataRow("Debian 12", Severity.Warning)]
    public void A_description_is_judged_for_Windows(string description, Severity severity)
    {
        ImageDeclaration image = Images.Linux("/nowhere.vhd") with { OSFamily = "Windows", OperatingSystem = description };
        Assert.AreEqual(severity, Images.Validate(image).Result("MKT1021").Findings.Single().Severity);
        Assert.AreEqual(Outcome.NotApplicable, Images.Validate(image with { OperatingSystem = "Windows Server 2022 Datacenter" }).Result("MKT1021").Outcome);
    }

    [TestMethod]
    public void What_only_a_running_machine_can_tell_is_listed_and_not_passed()
    {
        ValidationReport report = Images.Validate(Images.Linux("/nowhere.vhd"));
        Assert.AreEqual(Outcome.NotChecked, report.Result("MKT2090").Outcome);
        Assert.AreEqual(Outcome.NotChecked, report.Result("MKT1015").Outcome);
        Assert.AreEqual(Outcome.NotApplicable, Images.Validate(Images.Linux("/nowhere.vhd") with { OSFamily = "Windows" }).Result("MKT2090").Outcome);
    }

    [TestMethod]
    public void A_version_number_that_is_too_large_is_called_so() =>
        Assert.Contains("above 2147483647", Images.Validate(Images.Linux("/nowhere.vhd") with { Version = "1.0.20260302123456" }).Result("MKT1014").Findings.Single().Found);

    [TestMethod]
    public void Shows_where_customers_find_the_offer()
    {
        ValidationReport report = Images.Validate(Images.Linux("/nowhere.vhd"));
        Assert.AreEqual(
            "http://azure.microsoft.com/marketplace/partners/contoso/appliance-standard\n"
            + "https://portal.azure.com/#gallery/contoso.appliancestandard\n"
            + "https://azuremarketplace.microsoft.com/marketplace/apps/contoso.appliance\n"
            + "https://portal.azure.com/#create/contoso.appliancestandard",
            string.Join('\n', report.Addresses.Select(address => address.Uri)));
        Assert.Contains("contoso.appliancestandard", report.ToJson());
        Assert.IsEmpty(Images.Validate(Images.Linux("/nowhere.vhd") with { Sku = "" }).Addresses);
        Assert.IsEmpty(Images.Validate(Images.Linux("/nowhere.vhd") with { Offer = "a/b" }).Addresses);
    }
}
