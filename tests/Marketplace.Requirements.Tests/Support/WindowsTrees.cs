using Marketplace.DiskImages.Testing;

namespace Marketplace.Requirements.Tests.Support;

/// <summary>Windows Server as its Azure images have it after sysprep: what the requirements look at, in one place.</summary>
internal static class WindowsTrees
{
    public const string CurrentVersion = @"Microsoft\Windows NT\CurrentVersion";
    public const string SetupState = @"Microsoft\Windows\CurrentVersion\Setup\State";
    public const string ComponentServicing = @"Microsoft\Windows\CurrentVersion\Component Based Servicing";
    public const string ComponentCache = @"Microsoft\ServerManager\ServicingStorage\ServerComponentCache\";
    public const string StateFile = "/Windows/Setup/State/State.ini";
    public const string SysprepTag = "/Windows/System32/Sysprep/Sysprep_succeeded.tag";
    public const string SysprepLog = "/Windows/System32/Sysprep/Panther/setupact.log";
    public const string Kernel = "/Windows/System32/ntoskrnl.exe";
    public const string GuestAgent = "/WindowsAzure/Packages/GuestAgent/WindowsAzureGuestAgent.exe";
    public const string SmbDriver = "/Windows/System32/drivers/srv.sys";
    public const string Interface = WindowsMachine.ControlSet + @"Services\Tcpip\Parameters\Interfaces\{2f2c6b5d-8f27-4d0f-9c0b-3a4f6f0b7a11}";

    /// <summary>Windows Server 2022 Datacenter.</summary>
    public static WindowsMachine Server2022() => Create("Windows Server 2022 Datacenter", "20348", 2655, "21H2", "fe_release_svc_prod2");

    /// <summary>Windows Server 2016 Datacenter.</summary>
    public static WindowsMachine Server2016() => Create("Windows Server 2016 Datacenter", "14393", 7259, "1607", "rs1_release")
        .WithFiles(files => files.Add(SmbDriver, ExecutableBuilder.Create(new Version(10, 0, 14393, 7254))));

    /// <summary>Windows Server 2012 R2 Datacenter.</summary>
    public static WindowsMachine Server2012R2() => Create("Windows Server 2012 R2 Datacenter", "9600", 22134, "", "winblue_ltsb")
        .WithFiles(files => files.Add(SmbDriver, ExecutableBuilder.Create(new Version(6, 3, 9600, 20144))));

    /// <summary>Windows Server 2019 Datacenter.</summary>
    public static WindowsMachine Server2019() => Create("Windows Server 2019 Datacenter", "17763", 6293, "1809", "rs5_release_svc_prod1");

    private static WindowsMachine Create(string product, string build, uint revision, string release, string branch)
    {
        WindowsMachine machine = new();
        AddFiles(machine);
        AddVersion(machine, product, build, revision, release, branch);
        AddSoftware(machine);
        AddSystem(machine);
        AddServices(machine);
        return machine;
    }

    private static void AddVersion(WindowsMachine machine, string product, string build, uint revision, string release, string branch) => machine.Software
        .Set(CurrentVersion, "ProductName", product)
        .Set(CurrentVersion, "EditionID", "ServerDatacenter")
        .Set(CurrentVersion, "InstallationType", "Server")
        .Set(CurrentVersion, "CurrentBuild", build)
        .Set(CurrentVersion, "CurrentBuildNumber", build)
        .Set(CurrentVersion, "CurrentVersion", "6.3")
        .Set(CurrentVersion, "CurrentMajorVersionNumber", 10u)
        .Set(CurrentVersion, "CurrentMinorVersionNumber", 0u)
        .Set(CurrentVersion, "UBR", revision)
        .Set(CurrentVersion, "DisplayVersion", release)
        .Set(CurrentVersion, "BuildLabEx", $"{build}.1.amd64fre.{branch}.220707-1832")
        .Set(CurrentVersion, "InstallDate", 1724000000u)
        .Set(CurrentVersion, "SystemRoot", @"C:\Windows");

    private static void AddFiles(WindowsMachine machine)
    {
        machine.Files
            .Add(Kernel, ExecutableBuilder.Create(new Version(10, 0, 20348, 2655)))
            .Add("/WindowsAzure/Packages/WaAppAgent.exe", ExecutableBuilder.Create(new Version(2, 7, 41491, 1121)))
            .Add(GuestAgent, ExecutableBuilder.Create(new Version(2, 7, 41491, 1121)))
            .Directory("/Windows/SysWOW64")
            .Directory("/Windows/System32/drivers")
            .Directory("/Windows/Panther")
            .Directory("/Users/Public")
            .Directory("/Program Files")
            .Directory("/Program Files (x86)")
            .Add(SysprepTag, "")
            .Add(StateFile, "[State]\r\nImageState=IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE\r\n")
            .Add(SysprepLog, string.Join("\r\n",
                "2024-08-18 16:53:20, Info                  SYSPRP ========================================================",
                "2024-08-18 16:53:20, Info                  SYSPRP ===          Beginning of a new sysprep run          ===",
                "2024-08-18 16:53:20, Info                  SYSPRP ========================================================",
                "2024-08-18 16:53:20, Info       [0x0f004d] SYSPRP The time is now 2024-08-18 16:53:20",
                "2024-08-18 16:53:20, Info       [0x0f0080] SYSPRP ParseCommands:Found supported command line option 'GENERALIZE'",
                "2024-08-18 16:53:20, Info       [0x0f0080] SYSPRP ParseCommands:Found supported command line option 'OOBE'",
                "2024-08-18 16:53:20, Info       [0x0f0080] SYSPRP ParseCommands:Found supported command line option 'SHUTDOWN'",
                "2024-08-18 16:54:31, Info       [0x0f0052] SYSPRP Shutting down the system",
                ""));
        machine.AddUnicode("/Windows/System32/Tasks/Microsoft/Windows/Defrag/ScheduledDefrag", """
            <?xml version="1.0" encoding="UTF-16"?>
            <Task version="1.6" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
              <RegistrationInfo><URI>\Microsoft\Windows\Defrag\ScheduledDefrag</URI></RegistrationInfo>
              <Triggers />
              <Actions Context="LocalSystem">
                <Exec>
                  <Command>%windir%\system32\defrag.exe</Command>
                  <Arguments>-c -h -o -$</Arguments>
                </Exec>
              </Actions>
            </Task>
            """);
    }

    private static void AddSoftware(WindowsMachine machine)
    {
        machine.Software
            .Set(SetupState, "ImageState", "IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE")
            .Set(ComponentServicing + @"\Packages\Package_for_RollupFix~31bf3856ad364e35~amd64~~20348.2655.1.12", "CurrentState", 0x70u)
            .Set(ComponentServicing + @"\Packages\Microsoft-Windows-Foundation-Package~31bf3856ad364e35~amd64~~10.0.20348.1", "CurrentState", 0x70u)
            .Key(@"Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update")
            .SetExpand(@"Microsoft\Windows\CurrentVersion\Run", "SecurityHealth", @"%windir%\system32\SecurityHealthSystray.exe")
            .Key(@"Microsoft\Windows\CurrentVersion\RunOnce")
            .Key(@"WOW6432Node\Microsoft\Windows\CurrentVersion\Run")
            .Set(@"Microsoft\Windows\CurrentVersion\Internet Settings", "ActiveCode", 1u)
            .Key(@"Policies\Microsoft\Windows NT\Terminal Services");
        foreach (string feature in (string[])["BitLocker", "DHCP", "DirectAccess-VPN", "Failover-Clustering", "Hyper-V", "ISNS", "Multipath-IO", "NLB", "PNRP", "ADRMS", "RemoteAccess", "SNMP-Service", "WDS", "WINS", "Wireless-Networking"])
        {
            machine.Software.Set(ComponentCache + feature, "InstallState", 0u);
        }

        machine.Software
            .Set(ComponentCache + "FileAndStorage-Services", "InstallState", 1u)
            .Set(ComponentCache + "NET-Framework-45-Core", "InstallState", 1u);
    }

    private static void AddSystem(WindowsMachine machine) => machine.System
        .Set("Select", "Current", 1u)
        .Set("Select", "Default", 1u)
        .Set("Select", "Failed", 0u)
        .Set("Select", "LastKnownGood", 1u)
        .Set("Setup", "SystemSetupInProgress", 1u)
        .Set("Setup", "OOBEInProgress", 1u)
        .Set("Setup", "SetupType", 2u)
        .Set("Setup", "CmdLine", @"oobe\windeploy.exe")
        .Set(WindowsMachine.ControlSet + @"Control\ProductOptions", "ProductType", "ServerNT")
        .Set(WindowsMachine.ControlSet + @"Control\Session Manager\Environment", "PROCESSOR_ARCHITECTURE", "AMD64")
        .SetMulti(WindowsMachine.ControlSet + @"Control\Session Manager\Memory Management", "PagingFiles", @"D:\pagefile.sys 0 0")
        .Set(WindowsMachine.ControlSet + @"Control\Terminal Server", "fDenyTSConnections", 0u)
        .Set(WindowsMachine.ControlSet + @"Control\Terminal Server\WinStations\RDP-Tcp", "PortNumber", 3389u)
        .Set(WindowsMachine.ControlSet + @"Control\TimeZoneInformation", "RealTimeIsUniversal", 1u)
        .Set(WindowsMachine.ControlSet + @"Control\Power\User\PowerSchemes", "ActivePowerScheme", "8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c")
        .Set(WindowsMachine.ControlSet + @"Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server", "Enabled", 0u)
        .Set(WindowsMachine.ControlSet + @"Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server", "DisabledByDefault", 1u)
        .Set(WindowsMachine.ControlSet + @"Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.1\Server", "Enabled", 0u)
        .Set(WindowsMachine.ControlSet + @"Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.1\Server", "DisabledByDefault", 1u);

    private static void AddServices(WindowsMachine machine)
    {
        AddService(machine, "RpcSs", 2, @"%SystemRoot%\system32\svchost.exe -k rpcss");
        AddService(machine, "TermService", 3, @"%SystemRoot%\System32\svchost.exe -k NetworkService");
        AddService(machine, "W32Time", 2, @"%SystemRoot%\system32\svchost.exe -k LocalService");
        AddService(machine, "Dhcp", 2, @"%SystemRoot%\system32\svchost.exe -k LocalServiceNetworkRestricted -p");
        AddService(machine, "RdAgent", 2, @"C:\WindowsAzure\Packages\WaAppAgent.exe");
        AddService(machine, "WindowsAzureGuestAgent", 2, @"C:\WindowsAzure\Packages\GuestAgent\WindowsAzureGuestAgent.exe");
        machine.System
            .SetExpand(Service("disk"), "ImagePath", @"System32\drivers\disk.sys")
            .Set(Service("disk"), "Start", 0u)
            .Set(Service("disk"), "Type", 1u)
            .Set(Service("partmgr") + @"\Parameters", "SanPolicy", 1u)
            .SetExpand(Service("Tcpip") + @"\Parameters", "DataBasePath", @"%SystemRoot%\System32\drivers\etc")
            .Key(Service("Tcpip") + @"\Parameters\PersistentRoutes")
            .Set(Interface, "EnableDHCP", 1u)
            .Set(Interface, "NameServer", "")
            .Key(Service("Tcpip6") + @"\Parameters")
            .Key(Service("NetBT") + @"\Parameters\Interfaces");
    }

    private static void AddService(WindowsMachine machine, string name, uint start, string image) => machine.System
        .SetExpand(Service(name), "ImagePath", image)
        .Set(Service(name), "Start", start)
        .Set(Service(name), "Type", 16u);

    /// <summary>The key of a service.</summary>
    public static string Service(string name) => WindowsMachine.ControlSet + @"Services\" + name;
}
