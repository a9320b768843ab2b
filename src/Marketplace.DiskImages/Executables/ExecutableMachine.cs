namespace Marketplace.DiskImages.Executables;

/// <summary>The processor a program is made for: <c>Machine</c> of its file header. Files may hold others.</summary>
public enum ExecutableMachine
{
    /// <summary>IMAGE_FILE_MACHINE_I386.</summary>
    X86 = 0x14C,

    /// <summary>IMAGE_FILE_MACHINE_ARMNT.</summary>
    Arm = 0x1C4,

    /// <summary>IMAGE_FILE_MACHINE_IA64.</summary>
    Itanium = 0x200,

    /// <summary>IMAGE_FILE_MACHINE_AMD64.</summary>
    X64 = 0x8664,

    /// <summary>IMAGE_FILE_MACHINE_ARM64.</summary>
    Arm64 = 0xAA64,
}
