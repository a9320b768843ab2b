namespace Marketplace.Requirements.Systems.Windows.Boot;

/// <summary>
/// Names in a store of boot configuration data: a registry hive with one key per object, and below <c>Elements</c> one key per
/// element, named by its number in hexadecimal digits, with the value <c>Element</c> (Microsoft, BCD reference:
/// BcdLibraryElementTypes, BcdBootMgrElementTypes, BcdOSLoaderElementTypes).
/// </summary>
internal static class BcdFormat
{
    /// <summary>The key of the objects.</summary>
    public const string ObjectsKey = "Objects";

    /// <summary>The key of the elements of an object.</summary>
    public const string ElementsKey = "Elements";

    /// <summary>The value of an element.</summary>
    public const string ElementValue = "Element";

    /// <summary>The object of the boot manager, {bootmgr}.</summary>
    public const string BootManager = "{9dea862c-5cdd-4e70-acc1-f32b344d4795}";

    /// <summary>BcdBootMgrObject_DefaultObject: the object {default}.</summary>
    public const string DefaultObject = "23000003";

    /// <summary>BcdLibraryDevice_ApplicationDevice: where the loader is; bcdedit: device.</summary>
    public const string ApplicationDevice = "11000001";

    /// <summary>BcdLibraryBoolean_AutoRecoveryEnabled; bcdedit: recoveryenabled.</summary>
    public const string AutoRecoveryEnabled = "16000009";

    /// <summary>BcdLibraryInteger_SiPolicy: 1 turns the check of code signatures on, 2 off; bcdedit: integrityservices.</summary>
    public const string IntegrityServices = "1500004b";

    /// <summary>BcdOSLoaderInteger_BootStatusPolicy; bcdedit: bootstatuspolicy.</summary>
    public const string BootStatusPolicy = "250000e0";

    /// <summary>integrityservices enable.</summary>
    public const ulong IntegrityServicesEnable = 1;

    /// <summary>bootstatuspolicy IgnoreAllFailures.</summary>
    public const ulong IgnoreAllFailures = 1;

    /// <summary>Offset of the kind of device in the data of a device element: it follows the GUID of additional options.</summary>
    public const int DeviceKindOffset = 16;

    /// <summary>A partition by its number or by disk and offset, the partition that was booted, or one that is looked for.</summary>
    public static ReadOnlySpan<uint> PartitionKinds => [2, 5, 6, 8];
}
