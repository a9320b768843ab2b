namespace Marketplace.DiskImages.Registry;

/// <summary>The types of values (winnt.h). Hives may hold others.</summary>
public enum RegistryValueType
{
    /// <summary>REG_NONE: no type.</summary>
    None = 0,

    /// <summary>REG_SZ: a string.</summary>
    String = 1,

    /// <summary>REG_EXPAND_SZ: a string with names of environment variables, which are left as they are.</summary>
    ExpandString = 2,

    /// <summary>REG_BINARY: bytes.</summary>
    Binary = 3,

    /// <summary>REG_DWORD: a number of 32 bits.</summary>
    DWord = 4,

    /// <summary>REG_DWORD_BIG_ENDIAN: a number of 32 bits, the high byte first.</summary>
    DWordBigEndian = 5,

    /// <summary>REG_LINK: the path of another key.</summary>
    Link = 6,

    /// <summary>REG_MULTI_SZ: a list of strings.</summary>
    MultiString = 7,

    /// <summary>REG_RESOURCE_LIST: bytes.</summary>
    ResourceList = 8,

    /// <summary>REG_FULL_RESOURCE_DESCRIPTOR: bytes.</summary>
    FullResourceDescriptor = 9,

    /// <summary>REG_RESOURCE_REQUIREMENTS_LIST: bytes.</summary>
    ResourceRequirementsList = 10,

    /// <summary>REG_QWORD: a number of 64 bits.</summary>
    QWord = 11,
}
