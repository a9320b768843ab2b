using Marketplace.DiskImages.Registry;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>
/// Whether the Windows firewall keeps remote desktop connections out. Policies count before the settings of the machine, their
/// rules beside its rules; what no rule lets in is kept out unless the profile says otherwise (MS-GPFAS, 2.2.3 and 2.2.5).
/// </summary>
internal static class InboundFirewall
{
    /// <summary>The settings of the machine below CurrentControlSet.</summary>
    public const string SettingsPath = @"Services\SharedAccess\Parameters\FirewallPolicy";

    private const string PolicyPath = @"Policies\Microsoft\WindowsFirewall";
    private const string Profile = "PublicProfile";
    private const uint Disabled = 4;

    /// <summary>Why remote desktop connections to a port are kept out, in words; null when they are let in, or when there are no rules to judge.</summary>
    public static string? WhyClosed(WindowsSystem system, uint port)
    {
        FirewallRule[] rules = [.. Rules(system.FindControl(SettingsPath + @"\FirewallRules")), .. Rules(system.FindSoftware(PolicyPath + @"\FirewallRules"))];
        bool isOff = system.FindService("MpsSvc").Number("Start") == Disabled || Setting(system, "EnableFirewall") == 0;
        if (rules.Length == 0 || isOff)
        {
            return null;
        }

        FirewallRule[] inForce = [.. rules.Where(rule => rule.IsForRemoteDesktop(port))];
        return inForce.Any(rule => rule.Blocks) ? $"a rule of the Windows firewall blocks port {port}"
            : inForce.Any(rule => rule.Allows) || Setting(system, "DefaultInboundAction") == 0 ? null
            : $"the Windows firewall is on and no rule that is in force lets connections to port {port} in";
    }

    private static uint? Setting(WindowsSystem system, string name) =>
        system.FindSoftware(PolicyPath + "\\" + Profile).Number(name) ?? system.FindControl(SettingsPath + "\\" + Profile).Number(name);

    private static IEnumerable<FirewallRule> Rules(RegistryKey? key) =>
        key is null ? [] : key.EnumerateValues().Select(value => value.ReadString()).OfType<string>().Select(FirewallRule.Parse);
}
