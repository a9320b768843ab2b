namespace Marketplace.DiskImages.FileSystems.Ntfs.Reparse;

/// <summary>Tags and layouts of reparse points ([MS-FSCC] 2.1.2), of WSL ([MS-FSCC] 2.1.2.1) and of WOF (wofapi.h).</summary>
internal static class ReparseFormat
{
    public const uint MountPoint = 0xA000_0003;
    public const uint SymbolicLink = 0xA000_000C;
    public const uint Wof = 0x8000_0017;
    public const uint AppExecLink = 0x8000_001B;
    public const uint LxSymbolicLink = 0xA000_001D;
    public const uint UnixSocket = 0x8000_0023;
    public const uint LxFifo = 0x8000_0024;
    public const uint LxCharacterDevice = 0x8000_0025;
    public const uint LxBlockDevice = 0x8000_0026;

    /// <summary>Tag, data length, reserved.</summary>
    public const int HeaderSize = 8;

    /// <summary>SYMLINK_FLAG_RELATIVE.</summary>
    public const uint LinkIsRelative = 1;

    /// <summary>WOF_PROVIDER_FILE: the data of the file are in a stream of its own, compressed.</summary>
    public const uint WofProviderFile = 2;

    /// <summary>The stream with the compressed data.</summary>
    public const string WofStream = "WofCompressedData";

    /// <summary>Longest target in characters: paths of Windows have at most 32,767.</summary>
    public const int MaxTarget = 32767;
}
