using System.Globalization;
using Marketplace.DiskImages.Registry;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>One value of the registry as it stands: where it was looked for, and what is there. Not for secrets.</summary>
/// <param name="Hive">Path of the hive in the disk.</param>
/// <param name="Key">The key below the root of the hive.</param>
/// <param name="Name">The name of the value.</param>
/// <param name="Type">Its type; null when the key or the value is missing.</param>
/// <param name="Number">The number of a REG_DWORD; null when there is none.</param>
/// <param name="Text">The data in words; empty when there are none.</param>
internal sealed record RegistryFact(string Hive, string Key, string Name, RegistryValueType? Type, uint? Number, string Text)
{
    /// <summary>Whether there is such a value, of whatever type.</summary>
    public bool Exists => Type is not null;

    /// <summary>What stands there, or that nothing does.</summary>
    public string Evidence => Exists ? $"{Key}: {Name} = {Text}" : $"{Key}: no {Name}";

    /// <summary>Reads a value below CurrentControlSet.</summary>
    public static RegistryFact InControl(WindowsSystem system, string path, string name) =>
        Read(WindowsSystem.SystemPath, system.FindControl(path), system.ControlSet + "\\" + path, name);

    /// <summary>Reads a value of HKEY_LOCAL_MACHINE\SOFTWARE.</summary>
    public static RegistryFact InSoftware(WindowsSystem system, string path, string name) =>
        Read(WindowsSystem.SoftwarePath, system.FindSoftware(path), path, name);

    /// <summary>Reads a value of a key that may be missing.</summary>
    public static RegistryFact Read(string hive, RegistryKey? key, string path, string name)
    {
        RegistryValue? value = key?.FindValue(name);
        return new RegistryFact(hive, path, name, value?.Type, value?.ReadUInt32(), value is null ? "" : Describe(value));
    }

    private static string Describe(RegistryValue value) =>
        value.ReadUInt32()?.ToString(CultureInfo.InvariantCulture)
        ?? value.ReadString()
        ?? (value.ReadStrings() is { } texts ? string.Join(", ", texts) : $"data of type {value.Type}");
}
