using Marketplace.DiskImages.InitialRamDisks;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Initial RAM disks by each compressor that is read, alone and after an archive of microcode.</summary>
internal static class InitialRamDiskTargets
{
    public static IEnumerable<MutationTarget> All =>
        ((string[])["plain.cpio", "crc.cpio", "gzip.img", "zstd.img", "xz.img", "xz-blocks.img", "lz4.img", "early-gzip.img", "early-zstd.img", "early-xz.img", "early-lz4.img", "appended-gzip.img", "appended-zstd.img"])
        .Select(name => new MutationTarget("initramfs-" + name, () => new MemoryContent(Fixture.Bytes("InitialRamDisks/" + name)), (file, meter) =>
            InitialRamDisk.Visit(file, _ =>
            {
                meter.Step();
                return true;
            })));
}
