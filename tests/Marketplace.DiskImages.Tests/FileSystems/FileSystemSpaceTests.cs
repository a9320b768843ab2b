using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Btrfs;
using Marketplace.DiskImages.FileSystems.Ext;
using Marketplace.DiskImages.FileSystems.Fat;
using Marketplace.DiskImages.FileSystems.Ntfs;
using Marketplace.DiskImages.FileSystems.Xfs;

namespace Marketplace.DiskImages.Tests.FileSystems;

/// <summary>Used and free space against what the tools of each file system say of the same images.</summary>
[TestClass]
public sealed class FileSystemSpaceTests
{
    // dumpe2fs -h: Block count, Free blocks, Block size. xfs_db -c "sb 0": dblocks, fdblocks, blocksize.
    // fsck.fat -nv: clusters and those in use. ntfsinfo -m: Volume Size in Clusters, Free Clusters, Cluster Size.
    [TestMethod]
    [DataRow("Ext/ext4-default", 16384L, 14386L, 4096)]
    [DataRow("Ext/ext4-bigalloc-1k", 32768L, 26912L, 1024)]
    [DataRow("Ext/ext2-rev0", 16384L, 15543L, 1024)]
    [DataRow("Ext/ext4-64k", 2048L, 1895L, 65536)]
    [DataRow("Xfs/xfs-1k-n8k", 49152L, 34202L, 1024)]
    [DataRow("Xfs/xfs-64k", 8192L, 6807L, 65536)]
    [DataRow("Fat/fat12", 2036L, 2036L - 149, 2048)]
    [DataRow("Fat/fat16", 20383L, 20383L - 164, 1024)]
    [DataRow("Fat/fat32", 80628L, 80628L - 196, 512)]
    [DataRow("Ntfs/ntfs-512", 49151L, 42024L, 512)]
    [DataRow("Ntfs/ntfs-64k", 767L, 661L, 65536)]
    [DataRow("Ntfs/ntfs-cluster-1m", 191L, 142L, 1048576)]
    [DataRow("Ntfs/ntfs-large", 40959L, 31483L, 4096)]
    public void Is_what_the_tools_of_the_file_system_say(string name, long blocks, long free, int blockSize)
    {
        FileSystemSpace? space = Open(name, Fixture.Load(name)).FindSpace();

        Assert.AreEqual(new FileSystemSpace(blocks * blockSize, free * blockSize), space);
    }

    // btrfs inspect-internal dump-super: total_bytes, bytes_used.
    [TestMethod]
    [DataRow("Btrfs/dup", 314572800L, 167936L)]
    [DataRow("Btrfs/simple-quota", 167772160L, 2105344L)]
    public void Of_Btrfs_is_what_its_superblock_counts(string name, long total, long used)
    {
        FileSystemSpace? space = Open(name, Fixture.Load(name)).FindSpace();

        Assert.AreEqual((total, used), (space!.TotalBytes, space.UsedBytes));
    }

    [TestMethod]
    [DataRow("Ext/journal-4k", DisplayName = "an ext4 with a journal to replay")]
    [DataRow("Xfs/log-default", DisplayName = "an XFS with a log to replay")]
    [DataRow("Btrfs/log-data", DisplayName = "a Btrfs with a log")]
    public void Is_unknown_where_the_count_is_stale(string name) => Assert.IsNull(Open(name, Fixture.Load(name)).FindSpace());

    [TestMethod]
    public void A_count_that_contradicts_the_size_is_unknown()
    {
        // Without a checksum: s_free_blocks_count one more than s_blocks_count.
        MemoryContent volume = Fixture.Load("Ext/ext2-rev0");
        volume.Write(1024 + 0x0C, [0x01, 0x40, 0, 0]);

        Assert.IsNull(Open("Ext/ext2-rev0", volume).FindSpace());
    }

    private static FileSystem Open(string name, DiskContent volume) => name.Split('/')[0] switch
    {
        "Ext" => ExtFileSystem.Open(volume),
        "Xfs" => XfsFileSystem.Open(volume),
        "Btrfs" => BtrfsFileSystem.Open(volume),
        "Fat" => FatFileSystem.Open(volume),
        _ => NtfsFileSystem.Open(volume),
    };
}
