namespace Marketplace.DiskImages.Formats;

/// <summary>The formats a disk image file can be recognised as.</summary>
public enum DiskFormat
{
    /// <summary>No bytes at all.</summary>
    Empty,

    /// <summary>A fixed VHD: the disk, then a footer of 512 bytes of type 2.</summary>
    FixedVhd,

    /// <summary>A dynamic VHD (type 3).</summary>
    DynamicVhd,

    /// <summary>A differencing VHD (type 4).</summary>
    DifferencingVhd,

    /// <summary>A file with a VHD footer of another or a reserved type.</summary>
    OtherVhd,

    /// <summary>VHDX.</summary>
    Vhdx,

    /// <summary>QCOW2 (or its first version).</summary>
    Qcow,

    /// <summary>VMDK.</summary>
    Vmdk,

    /// <summary>VirtualBox VDI.</summary>
    Vdi,

    /// <summary>A compressed file or an archive (gzip, xz, zstd, bzip2, zip, tar).</summary>
    Compressed,

    /// <summary>No known format: the bytes of a disk, or of anything.</summary>
    Raw,
}
