namespace Marketplace.Requirements.Systems.Windows;

/// <summary>A role or feature of Windows Server that is not to be in an image.</summary>
/// <param name="Title">Its name as the certification tool says it.</param>
/// <param name="Names">The names Get-WindowsFeature gives it and its parts, the whole first.</param>
/// <param name="Service">A service that is only there with the feature; empty when none is known.</param>
internal sealed record UnsupportedFeature(string Title, IReadOnlyList<string> Names, string Service = "")
{
    /// <summary>
    /// The list of the certification tool. Services that Windows Server has without the feature are left out: SNMPTRAP, RemoteAccess
    /// (Microsoft, "Guidance on disabling system services on Windows Server 2016 with Desktop Experience").
    /// </summary>
    public static IReadOnlyList<UnsupportedFeature> All { get; } =
    [
        new("Failover Clustering", ["Failover-Clustering"], "ClusSvc"),
        new("DHCP Server", ["DHCP"], "DHCPServer"),
        new("Remote Access (DirectAccess)", ["RemoteAccess", "DirectAccess-VPN", "Routing", "NPAS-RRAS", "NPAS-RRAS-Services", "NPAS-Routing"], "RaMgmtSvc"),
        new("Active Directory Rights Management Services", ["ADRMS", "ADRMS-Server", "ADRMS-Identity"], "AdRmsLoggingService"),
        new("Windows Deployment Services", ["WDS", "WDS-Deployment", "WDS-Transport"], "WDSServer"),
        new("Internet Storage Name Server", ["ISNS"], "MSiSNS"),
        new("Multipath I/O", ["Multipath-IO"]),
        new("Network Load Balancing", ["NLB"], "WLBS"),
        new("Peer Name Resolution Protocol", ["PNRP"], "PNRPsvc"),
        new("SNMP Service", ["SNMP-Service", "SNMP-Services", "SNMP-WMI-Provider"], "SNMP"),
        new("Windows Internet Name Service", ["WINS", "WINS-Server"], "WINS"),
        new("Wireless LAN Service", ["Wireless-Networking"], "Wlansvc"),
    ];

    /// <summary>Hyper-V, which the list had until 2021.</summary>
    public static UnsupportedFeature HyperV { get; } = new("Hyper-V", ["Hyper-V"], "vmms");

    /// <summary>BitLocker, which may be used on data disks.</summary>
    public static UnsupportedFeature BitLocker { get; } = new("BitLocker Drive Encryption", ["BitLocker"]);
}
