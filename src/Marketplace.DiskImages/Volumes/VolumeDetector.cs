using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Fat;

namespace Marketplace.DiskImages.Volumes;

/// <summary>Recognises what a volume holds by its signature. Containers come first, because what is inside one may begin like a file system.</summary>
internal static class VolumeDetector
{
    /// <exception cref="DiskFormatException">Never for a volume that is as long as it says.</exception>
    public static VolumeSignature Detect(DiskContent volume)
    {
        byte[] head = new byte[VolumeFormat.HeadSize];
        volume.Read(0, head.AsSpan(0, (int)Math.Min(head.Length, volume.Length)));
        return DetectContainer(head)
            ?? DetectBySectorZero(head)
            ?? DetectBySuperblock(head)
            ?? DetectBtrfs(volume)
            // Before swap: mkswap erases a boot sector, while a signature of swap may be left where FAT has reserved sectors.
            ?? DetectFat(volume, head)
            ?? DetectSwap(volume, head)
            ?? DetectIso9660(volume)
            ?? DetectZfs(volume)
            ?? DetectRaidAtEnd(volume)
            ?? new VolumeSignature(head.AsSpan().ContainsAnyExcept((byte)0) ? VolumeKind.Unknown : VolumeKind.Empty);
    }

    private static VolumeSignature? DetectContainer(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith<byte>([(byte)'L', (byte)'U', (byte)'K', (byte)'S', 0xBA, 0xBE]))
        {
            bool isVersion2 = BinaryPrimitives.ReadUInt16BigEndian(head[VolumeFormat.LuksVersionOffset..]) == 2;
            return new VolumeSignature(
                VolumeKind.Luks,
                ReadText(head.Slice(VolumeFormat.LuksUuidOffset, VolumeFormat.LuksUuidSize)),
                isVersion2 ? ReadText(head.Slice(VolumeFormat.Luks2LabelOffset, VolumeFormat.Luks2LabelSize)) : "");
        }

        if (IsRaid(head) || IsRaid(head[VolumeFormat.RaidVersion12Offset..]))
        {
            return new VolumeSignature(VolumeKind.LinuxRaid);
        }

        for (int sector = 0; sector < VolumeFormat.LvmLabelSectors; sector++)
        {
            ReadOnlySpan<byte> label = head.Slice(sector * VolumeFormat.SectorSize, VolumeFormat.SectorSize);
            if (label.StartsWith("LABELONE"u8) && label[VolumeFormat.LvmLabelTypeOffset..].StartsWith("LVM2 001"u8))
            {
                return new VolumeSignature(VolumeKind.LvmPhysicalVolume, ReadLvmUuid(label));
            }
        }

        return null;
    }

    private static VolumeSignature? DetectBySectorZero(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> oemName = head.Slice(3, 8);
        return oemName.SequenceEqual("-FVE-FS-"u8) ? new VolumeSignature(VolumeKind.BitLocker)
            : oemName.SequenceEqual("NTFS    "u8) ? new VolumeSignature(VolumeKind.Ntfs, BinaryPrimitives.ReadUInt64LittleEndian(head[VolumeFormat.NtfsSerialOffset..]).ToString("X16", CultureInfo.InvariantCulture))
            : oemName.SequenceEqual("EXFAT   "u8) ? new VolumeSignature(VolumeKind.ExFat, FatFormat.FormatSerial(BinaryPrimitives.ReadUInt32LittleEndian(head[VolumeFormat.ExFatSerialOffset..])))
            : oemName.SequenceEqual("ReFS\0\0\0\0"u8) ? new VolumeSignature(VolumeKind.ReFs)
            : head.StartsWith("XFSB"u8) ? new VolumeSignature(VolumeKind.Xfs, ReadUuid(head[VolumeFormat.XfsUuidOffset..]), ReadText(head.Slice(VolumeFormat.XfsLabelOffset, VolumeFormat.XfsLabelSize)))
            : head.StartsWith("hsqs"u8) || BinaryPrimitives.ReadUInt32LittleEndian(head) == VolumeFormat.CramfsMagic || BinaryPrimitives.ReadUInt32BigEndian(head) == VolumeFormat.CramfsMagic
                ? new VolumeSignature(VolumeKind.ReadOnlyLinux)
            : null;
    }

    private static VolumeSignature? DetectBySuperblock(ReadOnlySpan<byte> head)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(head[VolumeFormat.ExtMagicOffset..]) == VolumeFormat.ExtMagic
            && BinaryPrimitives.ReadUInt32LittleEndian(head[VolumeFormat.ExtLogBlockSizeOffset..]) <= VolumeFormat.ExtMaxLogBlockSize)
        {
            return new VolumeSignature(VolumeKind.Ext, ReadUuid(head[VolumeFormat.ExtUuidOffset..]), ReadText(head.Slice(VolumeFormat.ExtLabelOffset, VolumeFormat.ExtLabelSize)));
        }

        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(head[VolumeFormat.SuperblockOffset..]);
        return magic == VolumeFormat.ErofsMagic
                ? new VolumeSignature(VolumeKind.ReadOnlyLinux, ReadUuid(head[VolumeFormat.ErofsUuidOffset..]), ReadText(head.Slice(VolumeFormat.ErofsLabelOffset, VolumeFormat.ErofsLabelSize)))
            : magic == VolumeFormat.F2fsMagic ? new VolumeSignature(VolumeKind.F2fs, ReadUuid(head[VolumeFormat.F2fsUuidOffset..]))
            : null;
    }

    private static VolumeSignature? DetectBtrfs(DiskContent volume)
    {
        if (ReadAt(volume, VolumeFormat.BtrfsSuperblockOffset, VolumeFormat.BtrfsSuperblockSize) is not { } superblock
            || !superblock.AsSpan(VolumeFormat.BtrfsMagicOffset).StartsWith("_BHRfS_M"u8))
        {
            return null;
        }

        return new VolumeSignature(
            VolumeKind.Btrfs,
            ReadUuid(superblock.AsSpan(VolumeFormat.BtrfsUuidOffset)),
            ReadText(superblock.AsSpan(VolumeFormat.BtrfsLabelOffset, VolumeFormat.BtrfsLabelSize)));
    }

    private static VolumeSignature? DetectSwap(DiskContent volume, ReadOnlySpan<byte> head)
    {
        foreach (int pageSize in VolumeFormat.SwapPageSizes)
        {
            if (ReadAt(volume, pageSize - VolumeFormat.SwapSignatureSize, VolumeFormat.SwapSignatureSize) is not { } signature)
            {
                break;
            }

            if (signature.AsSpan().SequenceEqual("SWAP-SPACE"u8))
            {
                // The first version has a bitmap where the second one has its header.
                return new VolumeSignature(VolumeKind.Swap);
            }

            // A machine that hibernated leaves its own word in place of the signature until it wakes up.
            if (signature.AsSpan().SequenceEqual("SWAPSPACE2"u8) || signature.AsSpan().StartsWith("S1SUSPEND"u8) || signature.AsSpan().StartsWith("S2SUSPEND"u8)
                || signature.AsSpan().StartsWith("ULSUSPEND"u8) || signature.AsSpan().StartsWith("LINHIB0001"u8))
            {
                return new VolumeSignature(VolumeKind.Swap, ReadUuid(head[VolumeFormat.SwapUuidOffset..]), ReadText(head.Slice(VolumeFormat.SwapLabelOffset, VolumeFormat.SwapLabelSize)));
            }
        }

        return null;
    }

    private static VolumeSignature? DetectFat(DiskContent volume, ReadOnlySpan<byte> head) =>
        FatBootSector.LooksLikeOne(head[..FatFormat.BootSectorSize]) && volume.Length >= FatFormat.BootSectorSize
            ? new VolumeSignature(VolumeKind.Fat, FatBootSector.ReadUuid(head), FatBootSector.ReadLabel(head))
            : null;

    private static VolumeSignature? DetectIso9660(DiskContent volume) =>
        ReadAt(volume, VolumeFormat.IsoDescriptorOffset, VolumeFormat.IsoLabelOffset + VolumeFormat.IsoLabelSize) is { } descriptor && descriptor.AsSpan(1).StartsWith("CD001"u8)
            ? new VolumeSignature(VolumeKind.Iso9660, "", Encoding.Latin1.GetString(descriptor, VolumeFormat.IsoLabelOffset, VolumeFormat.IsoLabelSize).TrimEnd(' ', '\0'))
            : null;

    private static VolumeSignature? DetectZfs(DiskContent volume)
    {
        if (ReadAt(volume, VolumeFormat.ZfsUberblocksOffset, VolumeFormat.ZfsUberblocksSize) is { } uberblocks)
        {
            for (int offset = 0; offset < uberblocks.Length; offset += VolumeFormat.ZfsUberblockSize)
            {
                ReadOnlySpan<byte> magic = uberblocks.AsSpan(offset);
                if (BinaryPrimitives.ReadUInt64LittleEndian(magic) == VolumeFormat.ZfsMagic || BinaryPrimitives.ReadUInt64BigEndian(magic) == VolumeFormat.ZfsMagic)
                {
                    return new VolumeSignature(VolumeKind.Zfs);
                }
            }
        }

        return null;
    }

    /// <summary>Superblocks of version 0.90 (the last whole 64 KiB block but one) and 1.0 (8 to 12 KiB before the end). The data of a mirror begins at the start, so these come last.</summary>
    private static VolumeSignature? DetectRaidAtEnd(DiskContent volume)
    {
        long version090 = (volume.Length / VolumeFormat.RaidBlockSize * VolumeFormat.RaidBlockSize) - VolumeFormat.RaidBlockSize;
        long version10 = ((volume.Length / VolumeFormat.SectorSize) - 16) / 8 * 8 * VolumeFormat.SectorSize;
        return (ReadAt(volume, version090, sizeof(uint)) is { } old && BinaryPrimitives.ReadUInt32LittleEndian(old) == VolumeFormat.RaidMagic)
            || (ReadAt(volume, version10, sizeof(ulong)) is { } @new && IsRaid(@new))
                ? new VolumeSignature(VolumeKind.LinuxRaid)
                : null;
    }

    /// <summary>Whether a superblock of version 1.x begins here.</summary>
    private static bool IsRaid(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes) == VolumeFormat.RaidMagic && BinaryPrimitives.ReadUInt32LittleEndian(bytes[VolumeFormat.RaidMajorVersionOffset..]) == 1;

    /// <summary>The identifier of a physical volume, in the groups LVM writes it in.</summary>
    private static string ReadLvmUuid(ReadOnlySpan<byte> label)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(label[VolumeFormat.LvmLabelHeaderOffset..]);
        if (offset > label.Length - VolumeFormat.LvmUuidSize)
        {
            return "";
        }

        string uuid = Encoding.Latin1.GetString(label.Slice((int)offset, VolumeFormat.LvmUuidSize));
        return $"{uuid[..6]}-{uuid[6..10]}-{uuid[10..14]}-{uuid[14..18]}-{uuid[18..22]}-{uuid[22..26]}-{uuid[26..]}";
    }

    /// <summary>Bytes of the volume; null when it is too short to have them.</summary>
    private static byte[]? ReadAt(DiskContent volume, long offset, int count)
    {
        if (offset < 0 || count > volume.Length - offset)
        {
            return null;
        }

        byte[] bytes = new byte[count];
        volume.Read(offset, bytes);
        return bytes;
    }

    private static string ReadUuid(ReadOnlySpan<byte> bytes)
    {
        Guid uuid = new(bytes[..16], bigEndian: true);
        return uuid == Guid.Empty ? "" : uuid.ToString();
    }

    private static string ReadText(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return FileName.Decode(end < 0 ? bytes : bytes[..end]);
    }
}
