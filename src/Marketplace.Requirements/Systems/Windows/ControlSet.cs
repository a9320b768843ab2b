using System.Globalization;
using Marketplace.DiskImages.Registry;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>
/// Which control set a system starts with. The boot loader takes the one of <c>Select\Default</c> and then writes its number to
/// <c>Select\Current</c>; so the first decides, and the second tells where it is missing.
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
        uint? number = select.Number("Default") ?? select.Number("Current");
        if (number is not (> 0 and <= MaxNumber))
        {
            throw new CannotCheckException("the registry does not say which control set Windows starts with (SYSTEM, Select\\Default)");
        }

        string name = "ControlSet" + number.Value.ToString("000", CultureInfo.InvariantCulture);
        return system.FindKey(name) is not null ? name : throw new CannotCheckException($"the registry has no {name}, with which Windows is to start");
    }
}
