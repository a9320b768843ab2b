using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats.Vhd;
using Marketplace.DiskImages.Formats.Vhdx;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Virtual disks in containers: opened, their extents listed, and read at the ends of extents. Checksums of some are made right again.</summary>
internal static class ContainerTargets
{
    private const int MaxExtents = 2000;
    private const int BytesOfExtent = 8192;

    public static IEnumerable<MutationTarget> All =>
    [
        Target("vhd", "vhd", "dynamic.vhd"),
        Target("vhd", "vhd/chain", "below/child.vhd"),
        Target("vhd", "vhd/chain", "below/grandchild.vhd") with { Name = "vhd-grandchild-repaired", Repair = RepairVhd },
        Target("vhd", "vhd", "dynamic.vhd") with { Name = "vhd-dynamic-repaired", Repair = RepairVhd },
        Target("vhdx", "vhdx", "block-1.vhdx"),
        Target("vhdx", "vhdx/logs", "log.vhdx"),
        Target("vhdx", "vhdx/logs", "log-wrapped.vhdx") with { Name = "vhdx-log-repaired", Repair = RepairVhdx },
        Target("vhdx", "vhdx/chain", "states-4096.vhdx") with { Name = "vhdx-states-repaired", Repair = RepairVhdx },
        Target("vhdx", "vhdx/chain", "below/child.vhdx") with { Name = "vhdx-child-repaired", Repair = RepairVhdx },
        .. ((string[])["v3.qcow2", "cluster-512.qcow2", "zlib.qcow2", "zstd.qcow2", "extended.qcow2", "zeros.qcow2"]).Select(name => Target("qcow2", "qcow", name)),
        Target("qcow2", "qcow/chain", "below/top.qcow2"),
        .. ((string[])["sparse.vmdk", "stream.vmdk", "split.vmdk", "flat.vmdk", "zeroed.vmdk"]).Select(name => Target("vmdk", "vmdk", name)),
    ];

    private static MutationTarget Target(string format, string folder, string name) =>
        new($"{format}-{Path.GetFileNameWithoutExtension(name)}", () => Fixture.Load($"Containers/{folder}/{name}"), (file, meter) =>
        {
            using DiskImage image = DiskImage.Open(file, name, new FixtureFolder("Containers/" + folder));
            meter.Step();
            if (image.Problem is not null)
            {
                throw image.Problem;
            }

            if (image.Disk is not null)
            {
                Read(image.Disk, meter);
            }
        });

    private static void Read(DiskContent disk, MemoryMeter meter)
    {
        byte[] buffer = new byte[BytesOfExtent];
        DiskFormatException? first = null;
        void ReadAt(long offset)
        {
            try
            {
                disk.Read(offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, disk.Length - offset)));
            }
            catch (DiskFormatException e)
            {
                first ??= e;
            }

            meter.Step();
        }

        ReadAt(0);
        ReadAt(Math.Max(0, disk.Length - buffer.Length));
        foreach (Extent extent in disk.GetAllocatedExtents().Take(MaxExtents))
        {
            ReadAt(extent.Offset);
            ReadAt(Math.Max(0, extent.End - buffer.Length));
        }

        if (first is not null)
        {
            throw first;
        }
    }

    private static void RepairVhd(MutantContent vhd)
    {
        foreach (long footer in (long[])[0, vhd.Length - VhdFormat.FooterSize])
        {
            vhd.Write(footer + VhdFormat.ChecksumOffset, BigEndian(VhdChecksum.Compute(vhd.ReadBytes(footer, VhdFormat.FooterSize), VhdFormat.ChecksumOffset)));
        }

        vhd.Write(VhdFormat.FooterSize + VhdFormat.HeaderChecksumOffset, BigEndian(VhdChecksum.Compute(vhd.ReadBytes(VhdFormat.FooterSize, VhdFormat.DynamicHeaderSize), VhdFormat.HeaderChecksumOffset)));
    }

    private static void RepairVhdx(MutantContent vhdx)
    {
        Repair(VhdxFormat.Header1Offset, VhdxFormat.HeaderSize);
        Repair(VhdxFormat.Header2Offset, VhdxFormat.HeaderSize);
        Repair(VhdxFormat.RegionTable1Offset, VhdxFormat.RegionTableSize);
        Repair(VhdxFormat.RegionTable2Offset, VhdxFormat.RegionTableSize);

        void Repair(long offset, int size) => vhdx.Write(offset + VhdxChecksum.Offset, BitConverter.GetBytes(VhdxChecksum.Compute(vhdx.ReadBytes(offset, size))));
    }

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
