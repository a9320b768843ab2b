using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats.Vhd;
using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Formats;

/// <summary>What a file without a VHD footer seems to be, so that a message can say more than that the footer is missing.</summary>
/// <param name="Kind">What it seems to be.</param>
/// <param name="ExpectedLength">Length in bytes the disk should have, without a footer; null when nothing tells.</param>
/// <param name="Detail">What was found, one plain sentence without a final full stop.</param>
public sealed record RawDiskHint(RawDiskKind Kind, long? ExpectedLength, string Detail)
{
    /// <summary>How far before the end of a file a footer is looked for. Tools that pad files do it to 64 KiB at most, or to a MiB.</summary>
    private const int TailSize = (1 << 20) + VhdFormat.FooterSize;

    /// <summary>Endings of files that are no raw disks. What is neither such a file nor a disk that is known was damaged, or is of a format that is not known here.</summary>
    private static readonly string[] ContainerEndings =
        [".vhd", ".vhdx", ".avhd", ".avhdx", ".vmdk", ".qcow", ".qcow2", ".qed", ".vdi", ".hdd", ".dmg", ".wim", ".ova", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".lz4", ".zip", ".7z"];

    /// <summary>How much of the start of a file is looked at to see whether it is blank, in bytes: every container has its header there.</summary>
    private const int StartSize = 1 << 20;

    /// <summary>Looks at a file that has no VHD footer at its end. Reads some sectors and the last MiB.</summary>
    /// <param name="file">All bytes of the file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RawDiskHint Find(DiskContent file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (HasDamagedFooter(file))
        {
            return new RawDiskHint(RawDiskKind.DamagedCookie, file.Length - VhdFormat.FooterSize, "the last 512 bytes are a VHD footer whose cookie 'conectix' is damaged");
        }

        if (FindFooterBeforeEnd(file) is { } footerOffset)
        {
            long after = file.Length - footerOffset - VhdFormat.FooterSize;
            return new RawDiskHint(RawDiskKind.TrailingBytes, footerOffset, $"a VHD footer stands at byte {footerOffset}, {after} bytes were appended after it");
        }

        try
        {
            return FromTable(file, PartitionTableReader.Read(file));
        }
        catch (DiskFormatException e)
        {
            return new RawDiskHint(RawDiskKind.Unknown, null, $"there is no footer, and the partition table is damaged: {e.Message}");
        }
    }

    /// <summary>Why the file cannot be taken for a raw disk; null when it can, as a blank one always can.</summary>
    /// <param name="file">All bytes of the file.</param>
    /// <param name="name">The name of the file; empty when it has none.</param>
    internal string? WhyNotConvertible(DiskContent file, string name)
    {
        if (Kind is not RawDiskKind.Unknown)
        {
            return Kind == RawDiskKind.RawDisk ? null : Detail;
        }

        byte[] start = new byte[(int)Math.Min(StartSize, file.Length)];
        file.Read(0, start);
        return start.AsSpan().ContainsAnyExcept((byte)0) && ContainerEndings.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } promised
            ? $"its name ends with {promised}, but its bytes are not of that format: {Detail}"
            : null;
    }

    /// <summary>Whether the last 512 bytes are a footer in everything but the cookie.</summary>
    internal static bool HasDamagedFooter(DiskContent file)
    {
        if (file.Length < VhdFormat.FooterSize)
        {
            return false;
        }

        byte[] bytes = new byte[VhdFormat.FooterSize];
        file.Read(file.Length - VhdFormat.FooterSize, bytes);
        if (VhdFooter.HasCookie(bytes))
        {
            return false;
        }

        VhdFormat.Cookie.CopyTo(bytes);
        VhdFooter footer = VhdFooter.Parse(bytes);
        return footer.FileFormatVersion == VhdFormat.FileFormatVersion
            && footer.DiskType is VhdFormat.TypeFixed or VhdFormat.TypeDynamic or VhdFormat.TypeDifferencing
            && (footer.Checksum == footer.ExpectedChecksum || footer.DataOffset == VhdFormat.NoNextStructure);
    }

    private static long? FindFooterBeforeEnd(DiskContent file)
    {
        int size = (int)Math.Min(TailSize, file.Length);
        byte[] tail = new byte[size];
        file.Read(file.Length - size, tail);
        for (int at = tail.AsSpan().LastIndexOf(VhdFormat.Cookie); at >= 0; at = tail.AsSpan(0, at).LastIndexOf(VhdFormat.Cookie))
        {
            if (at <= size - VhdFormat.FooterSize && VhdFooter.Parse(tail.AsSpan(at, VhdFormat.FooterSize)) is var footer && footer.Checksum == footer.ExpectedChecksum)
            {
                return file.Length - size + at;
            }
        }

        return null;
    }

    private static RawDiskHint FromTable(DiskContent file, PartitionTable? table)
    {
        if (table is null)
        {
            VolumeSignature whole = VolumeDetector.Detect(file);
            return whole.Kind is VolumeKind.Unknown or VolumeKind.Empty
                ? new RawDiskHint(RawDiskKind.Unknown, null, "there is no footer, no partition table and no known file system")
                : new RawDiskHint(RawDiskKind.RawDisk, null, $"it looks like a raw {whole.Kind} file system without a partition table: there is no footer");
        }

        string name = table.Kind == PartitionTableKind.Gpt ? "GPT" : "MBR";
        return table.DescribedLength > file.Length
            ? new RawDiskHint(RawDiskKind.Truncated, table.DescribedLength, $"the {name} describes a disk of {table.DescribedLength} bytes, the file has {file.Length}: its end is missing, and the footer with it")
            : new RawDiskHint(RawDiskKind.RawDisk, file.Length, $"it looks like a raw disk: a {name} and no footer");
    }
}
