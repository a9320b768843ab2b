using System.Globalization;
using Marketplace.DiskImages.Registry;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>
/// Which control set is the system's own. <c>Select\Current</c> names the one Windows last ran with, which is what the publisher
/// prepared; <c>Select\Default</c>, which the boot loader takes next, is the same on a system that was shut down, and tells where
/// the first is missing.
/// </summary>
internal static class ControlSet
{
    /// <summary>The greatest number: the name has three digits.</summary>
    private const uint MaxNumber = 999;

    /// <summary>The name of the key in the hive SYSTEM.</summary>
    /// <exception cref="CannotCheckException">The hive does not say it, or there is no such key.</exception>
    public static string Find(RegistryHive system)
    {
        RegistryKey? select = system.FindKey("Select");
        uint? number = select.Number("Current") ?? select.Number("Default");
        if (number is not (> 0 and <= MaxNumber))
        {
            throw new CannotCheckException("the registry does not say which control set Windows uses (SYSTEM, Select\\Current)");
        }

        string name = "ControlSet" + number.Value.ToString("000", CultureInfo.InvariantCulture);
        return system.FindKey(name) is not null ? name : throw new CannotCheckException($"the registry has no {name}, which Select names");
    }
}
