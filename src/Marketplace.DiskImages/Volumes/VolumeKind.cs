namespace Marketplace.DiskImages.Volumes;

/// <summary>What a partition or a whole disk holds, by its signature.</summary>
public enum VolumeKind
{
    /// <summary>No known signature and data other than zeros at its start.</summary>
    Unknown,

    /// <summary>No known signature and only zeros where signatures are looked for.</summary>
    Empty,

    /// <summary>ext2, ext3 or ext4.</summary>
    Ext,

    /// <summary>FAT12, FAT16 or FAT32.</summary>
    Fat,

    /// <summary>exFAT.</summary>
    ExFat,

    /// <summary>XFS.</summary>
    Xfs,

    /// <summary>Btrfs.</summary>
    Btrfs,

    /// <summary>NTFS.</summary>
    Ntfs,

    /// <summary>ReFS.</summary>
    ReFs,

    /// <summary>A volume encrypted with BitLocker.</summary>
    BitLocker,

    /// <summary>A LUKS container.</summary>
    Luks,

    /// <summary>A Linux swap area.</summary>
    Swap,

    /// <summary>A physical volume of LVM2.</summary>
    LvmPhysicalVolume,

    /// <summary>A member of a Linux software RAID.</summary>
    LinuxRaid,

    /// <summary>A read-only Linux file system: SquashFS, EROFS or CramFS.</summary>
    ReadOnlyLinux,

    /// <summary>ISO 9660.</summary>
    Iso9660,

    /// <summary>F2FS.</summary>
    F2fs,

    /// <summary>A member of a ZFS pool.</summary>
    Zfs,
}
