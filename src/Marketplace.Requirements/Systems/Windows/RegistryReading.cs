using Marketplace.DiskImages.Registry;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>Values of keys that may be missing: null when the key, the value or the expected type is missing.</summary>
internal static class RegistryReading
{
    /// <summary>The number of a value of type REG_DWORD (or its big-endian form).</summary>
    public static uint? Number(this RegistryKey? key, string name) => key?.FindValue(name)?.ReadUInt32();

    /// <summary>The text of a value of type REG_SZ or REG_EXPAND_SZ; names of environment variables are left as they are.</summary>
    public static string? Text(this RegistryKey? key, string name) => key?.FindValue(name)?.ReadString();

    /// <summary>The texts of a value of type REG_MULTI_SZ; of a single text that one, none when it is empty.</summary>
    public static IReadOnlyList<string>? Texts(this RegistryKey? key, string name) =>
        key?.FindValue(name) is not { } value ? null
        : value.ReadStrings() ?? value.ReadString() switch
        {
            null => null,
            "" => [],
            var text => [text],
        };
}
