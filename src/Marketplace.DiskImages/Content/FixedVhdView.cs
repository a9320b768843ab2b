using Marketplace.DiskImages.Formats.Vhd;

namespace Marketplace.DiskImages.Content;

/// <summary>
/// Any disk as the bytes of a fixed VHD: the disk, zeros up to the next whole MiB, and a synthesised footer.
/// What is uploaded is this view, so conversion and upload are one stream. It does not own the disk.
/// </summary>
public sealed class FixedVhdView : DiskContent
{
    private readonly DiskContent _disk;
    private readonly byte[] _footer;

    /// <summary>Creates the view.</summary>
    /// <param name="disk">The disk without any footer. It must stay open as long as the view is used.</param>
    /// <param name="uniqueId">The identifier written to the footer.</param>
    /// <param name="timeStamp">The creation time written to the footer, in whole seconds.</param>
    /// <exception cref="ArgumentException">The disk has no bytes.</exception>
    public FixedVhdView(DiskContent disk, Guid uniqueId, DateTimeOffset timeStamp)
    {
        ArgumentNullException.ThrowIfNull(disk);
        if (disk.Length == 0)
        {
            throw new ArgumentException("A VHD cannot hold a disk of no bytes.", nameof(disk));
        }

        _disk = disk;
        DiskSize = (disk.Length + VhdFormat.Alignment - 1) / VhdFormat.Alignment * VhdFormat.Alignment;
        Footer = VhdFooter.CreateFixed(DiskSize, uniqueId, timeStamp);
        _footer = Footer.ToBytes();
    }

    /// <summary>The footer at the end of the view.</summary>
    public VhdFooter Footer { get; }

    /// <summary>Virtual size in bytes, a whole number of MiB: the offset of the footer.</summary>
    public long DiskSize { get; }

    /// <inheritdoc />
    public override long Length => DiskSize + VhdFormat.FooterSize;

    /// <inheritdoc />
    public override IEnumerable<Extent> GetAllocatedExtents() => _disk.GetAllocatedExtents().Append(new Extent(DiskSize, VhdFormat.FooterSize));

    /// <inheritdoc />
    protected override void ReadCore(long offset, Span<byte> destination)
    {
        int fromDisk = Take(offset, destination.Length, _disk.Length);
        if (fromDisk > 0)
        {
            _disk.Read(offset, destination[..fromDisk]);
        }

        int zeros = Take(offset + fromDisk, destination.Length - fromDisk, DiskSize);
        destination.Slice(fromDisk, zeros).Clear();
        int rest = fromDisk + zeros;
        if (rest < destination.Length)
        {
            _footer.AsSpan((int)(offset + rest - DiskSize), destination.Length - rest).CopyTo(destination[rest..]);
        }
    }

    /// <summary>How many of the bytes at the offset lie before the end.</summary>
    private static int Take(long offset, int count, long end) => (int)Math.Clamp(end - offset, 0, count);
}
