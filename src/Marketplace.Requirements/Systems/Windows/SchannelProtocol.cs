using System.Globalization;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>
/// Whether the server side of Schannel, which remote desktop and IIS use, takes a version of TLS: <c>Enabled</c> = 0 turns it off,
/// any other number on for programs that ask for it even where <c>DisabledByDefault</c> turns it off for the others; that one decides
/// where <c>Enabled</c> is missing, and without both the version of Windows does
/// (Microsoft, "TLS registry settings" and "Protocols in TLS/SSL (Schannel SSP)").
/// </summary>
/// <param name="Version">For example <c>TLS 1.0</c>.</param>
/// <param name="IsOn">Whether it is taken.</param>
/// <param name="Deciding">The value that decides; one that does not exist when the version of Windows does.</param>
internal sealed record SchannelProtocol(string Version, bool IsOn, RegistryFact Deciding)
{
    /// <summary>The key of the protocols below CurrentControlSet.</summary>
    public const string ProtocolsPath = @"Control\SecurityProviders\SCHANNEL\Protocols";

    private const string WindowsPath = @"Microsoft\Windows NT\CurrentVersion";

    /// <summary>Windows Server 2008 R2 SP1, in which TLS 1.1 is off.</summary>
    private const int Server2008R2 = 7601;

    private const int Server2022 = 20348;

    /// <summary>The first version of Windows Server in which TLS 1.0 and 1.1 are off: 2025.</summary>
    private const int Server2025 = 26100;

    /// <summary>Reads what holds for a version.</summary>
    /// <exception cref="CannotCheckException">Nothing is set, and the build of Windows is not known.</exception>
    public static SchannelProtocol Read(WindowsSystem system, string version)
    {
        string path = $@"{ProtocolsPath}\{version}\Server";
        RegistryFact enabled = RegistryFact.InControl(system, path, "Enabled");
        RegistryFact disabled = RegistryFact.InControl(system, path, "DisabledByDefault");
        return enabled.Number == 0 ? new(version, IsOn: false, enabled)
            : enabled.Number is not null ? new(version, IsOn: true, enabled)
            : disabled.Number is not (null or 0) ? new(version, IsOn: false, disabled)
            : disabled.Number is not null ? new(version, IsOn: true, disabled)
            : new(version, IsOnByDefault(system, version), enabled);
    }

    private static bool IsOnByDefault(WindowsSystem system, string version)
    {
        string? text = system.FindSoftware(WindowsPath).Text("CurrentBuildNumber") ?? system.FindSoftware(WindowsPath).Text("CurrentBuild");
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int build))
        {
            throw new CannotCheckException($"{version} is not set in the registry, and the build of Windows, which decides then, is not known");
        }

        // The Azure Edition of Windows Server 2022 comes hardened: "Datacenter: Azure Edition" has the edition ServerTurbine.
        string edition = system.FindSoftware(WindowsPath).Text("EditionID") ?? "";
        bool isHardened = build >= Server2025 || (build == Server2022 && edition.StartsWith("ServerTurbine", StringComparison.OrdinalIgnoreCase));
        return !isHardened && !(build <= Server2008R2 && version == "TLS 1.1");
    }
}
