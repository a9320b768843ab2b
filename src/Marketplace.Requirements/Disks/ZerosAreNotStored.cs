using System.Globalization;
using Marketplace.DiskImages.Content;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1009: ranges of zeros are not stored. Judged by a sample of the allocated pages.</summary>
internal sealed class ZerosAreNotStored : DiskRequirement
{
    /// <summary>Bytes of a sample: a page of the usual file systems.</summary>
    private const int PageSize = 4096;

    /// <summary>Samples over all disks: 1536 pages are 6 MiB.</summary>
    private const int MaxSamples = 1536;

    /// <summary>Samples of disks read over the network, where each is a request.</summary>
    private const int MaxRemoteSamples = 64;

    /// <summary>More extents than this are not counted; a file that fragmented is sparse.</summary>
    private const int MaxExtents = 1_000_000;

    /// <summary>Zeros that matter: at least this many bytes …</summary>
    private const long MinimumZeroBytes = 16 * SizeText.MiB;

    /// <summary>… and at least a tenth of the disk.</summary>
    private const int MinimumZeroShare = 10;

    public override string Id => "MKT1009";

    public override string Title => "Zeros are not stored";

    public override string Section => "2.1";

    public override Criterion Guide { get; } = new(Severity.Warning, "a disk whose data is smaller than its size is sparse: ranges of zeros are not stored", "Guide, 2.1 and 3.4; the English original says should");

    public override Criterion Current { get; } = new(Severity.Warning, "a disk whose data is smaller than its size is sparse: ranges of zeros are not stored", "VM certification FAQ (2022), for large disks");

    public override string Why => "A fixed VHD stores nothing for a range that is not allocated. The upload leaves zeros out in any case; a sparse file is quicker to handle";

    public override string Remedy => "fallocate --dig-holes disk.vhd, or cp --sparse=always disk.vhd sparse.vhd";

    protected override string NothingToCheck => "no disk is a fixed VHD; other formats leave zeros out, and MKT1002 speaks of them";

    protected override bool IsAbout(ImageContext context, DiskUnderCheck disk) => disk.IsConverted || !disk.IsInContainer;

    protected override IEnumerable<Observation> CheckDisk(ImageContext context, DiskUnderCheck disk)
    {
        if (disk.IsConverted)
        {
            // Publishing leaves zeros out.
            yield break;
        }

        DiskContent content = disk.RequireDisk();
        Extent[] extents = [.. content.GetAllocatedExtents().Take(MaxExtents)];
        long allocated = extents.Sum(extent => extent.Length);
        if (allocated < MinimumZeroBytes)
        {
            yield break;
        }

        double share = ZeroShare(content, extents, allocated, (disk.Declaration.IsRemote ? MaxRemoteSamples : MaxSamples) / Math.Max(1, context.Disks.Count()));
        long zeros = (long)(allocated * share);
        if (zeros >= MinimumZeroBytes && zeros >= content.Length / MinimumZeroShare)
        {
            yield return new Observation(disk.Path, string.Create(
                CultureInfo.InvariantCulture,
                $"of the {SizeText.Format(allocated)} stored for {disk.Declaration.DisplayPath}, about {share * 100:0} % are zeros (estimated from a sample)"));
        }
    }

    private static double ZeroShare(DiskContent content, Extent[] extents, long allocated, int samples)
    {
        Span<byte> page = stackalloc byte[PageSize];
        long step = Math.Max(PageSize, allocated / Math.Max(1, samples));
        long target = 0;
        long passed = 0;
        int read = 0;
        int zero = 0;
        foreach (Extent extent in extents)
        {
            // Samples lie a step apart, counted over the allocated bytes only.
            while (target < passed + extent.Length)
            {
                long offset = extent.Offset + (target - passed);
                Span<byte> part = page[..(int)Math.Min(PageSize, extent.End - offset)];
                content.Read(offset, part);
                read++;
                zero += part.ContainsAnyExcept((byte)0) ? 0 : 1;
                target += step;
            }

            passed += extent.Length;
        }

        return read == 0 ? 0 : (double)zero / read;
    }
}
