using System.Buffers.Binary;
using Marketplace.DiskImages.Registry;

namespace Marketplace.Requirements.Systems.Windows.Boot;

/// <summary>An object of a store of boot configuration data. Elements of another type than they should have are as if missing.</summary>
/// <param name="key">The key of the object.</param>
internal sealed class BcdObject(RegistryKey key)
{
    /// <summary>The GUID in braces.</summary>
    public string Id => key.Name;

    /// <summary>The text of an element; null when there is none.</summary>
    public string? Text(string element) => Find(element)?.ReadString();

    /// <summary>A boolean, one byte; null when there is none.</summary>
    public bool? Boolean(string element) => Bytes(element) is [var value, ..] ? value != 0 : null;

    /// <summary>An integer of eight bytes; null when there is none.</summary>
    public ulong? Integer(string element) => Bytes(element) is { Length: >= sizeof(ulong) } data ? BinaryPrimitives.ReadUInt64LittleEndian(data) : null;

    /// <summary>The kind of a device; null when there is none.</summary>
    public uint? DeviceKind(string element) =>
        Bytes(element) is { Length: >= BcdFormat.DeviceKindOffset + sizeof(uint) } data ? BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(BcdFormat.DeviceKindOffset)) : null;

    private byte[]? Bytes(string element) => Find(element) is { Type: RegistryValueType.Binary } value ? value.ReadBytes() : null;

    private RegistryValue? Find(string element) => key.FindSubkey(BcdFormat.ElementsKey)?.FindSubkey(element)?.FindValue(BcdFormat.ElementValue);
}
