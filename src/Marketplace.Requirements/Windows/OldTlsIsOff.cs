using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3016: TLS 1.0 and TLS 1.1 are off on the server side.</summary>
internal sealed class OldTlsIsOff : WindowsRequirement
{
    private static readonly string[] Versions = ["TLS 1.0", "TLS 1.1"];

    public override string Id => "MKT3016";

    public override string Title => "TLS 1.0 and TLS 1.1 are off";

    public override Criterion Current { get; } = new(Severity.Warning, "servers on the machine do not take TLS 1.0 and TLS 1.1", "Certification policy 200.5.8: vulnerability scan, QID 38628 and 38794");

    public override string Why => "The vulnerability scan finds TLS 1.0 and TLS 1.1 on the remote desktop port and refuses the image; Windows Server before 2025 has them on";

    public override string Remedy => "under HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.x\\Server set Enabled to 0 and DisabledByDefault to 1";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system) =>
        CheckResult.From([.. Versions.Select(version => SchannelProtocol.Read(system, version)).Where(protocol => protocol.IsOn).Select(protocol => ToObservation(disk, protocol))]);

    private static Observation ToObservation(string disk, SchannelProtocol protocol)
    {
        string key = $@"SYSTEM\CurrentControlSet\{SchannelProtocol.ProtocolsPath}\{protocol.Version}\Server";
        return RegistryObservation.About(disk, protocol.Deciding, protocol.Deciding.Exists
            ? $"{protocol.Version} is turned on for servers"
            : $"{protocol.Version} is on for servers, as this version of Windows has it when nothing is set") with
        {
            Repair = RegistryObservation.Configure(RegistryObservation.SetNumber(key, "Enabled", 0), RegistryObservation.SetNumber(key, "DisabledByDefault", 1)),
        };
    }
}
