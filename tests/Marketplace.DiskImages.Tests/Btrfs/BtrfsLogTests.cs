using Marketplace.DiskImages.FileSystems.Btrfs;

namespace Marketplace.DiskImages.Tests.Btrfs;

/// <summary>File systems that were copied while mounted, after fsync.</summary>
[TestClass]
public sealed class BtrfsLogTests
{
    private const string Log = "Btrfs log tree";
    private const string Block = "Btrfs tree block";

    private static BtrfsImage Image { get; } = new(Fixture.Load("Btrfs/log-data"));

    [TestMethod]
    public void New_data_in_old_files_is_what_the_kernel_shows_after_its_replay()
    {
        BtrfsFileSystem fileSystem = BtrfsFileSystem.Open(Image.Content);
        IReadOnlyList<string> differences = TreeManifest.Compare(fileSystem, Fixture.Manifest("Btrfs/log-data"));

        Assert.IsEmpty(differences, string.Join('\n', differences.Take(10)));
        Assert.AreEqual("The file system was not unmounted; 3 files were restored in memory from its log, as Linux does when it mounts.", fileSystem.Notes.Single());
        Assert.AreEqual("PermitRootLogin no\n", System.Text.Encoding.ASCII.GetString(fileSystem.At("/etc/sshd_config").ReadAll()));
    }

    [TestMethod]
    public void Without_the_log_the_old_data_would_be_seen()
    {
        // What a reader that forgets about the log would answer.
        BtrfsFileSystem fileSystem = BtrfsFileSystem.Open(Image.WithSuperblock(0x60, new byte[8]));
        Assert.AreEqual("PermitRootLogin yes\n", System.Text.Encoding.ASCII.GetString(fileSystem.At("/etc/sshd_config").ReadAll()));
    }

    [TestMethod]
    public void Names_that_only_the_log_has_are_unsupported()
    {
        Assert.Contains("not restored here", Expect.Unsupported(Log, () => BtrfsFileSystem.Open(Fixture.Load("Btrfs/log-names"))).Detail);
    }

    [TestMethod]
    public void A_log_that_cannot_be_read_is_not_passed_over()
    {
        Expect.Corrupt(Block, () => BtrfsFileSystem.Open(Image.WithSuperblock(0x60, 0, 0x10, 0, 0, 0, 0, 0, 1)));
        Expect.Corrupt(Block, () => BtrfsFileSystem.Open(Image.WithSuperblock(0xC8, 1)));
        Expect.Corrupt(Block, () => BtrfsFileSystem.Open(Image.WithBlock(IsLog, 0x50, 0xFF, 0xFF).Content));
        Expect.Corrupt("Btrfs file extent of inode 257", () => BtrfsFileSystem.Open(Image.WithItem(BtrfsFormat.LogTreeId, key => key is { ObjectId: 257, Type: BtrfsFormat.ExtentDataKey }, 47, 0, 0x10).Content));
    }

    [TestMethod]
    [DataRow(0x28, (byte)2)]
    [DataRow(0x28, (byte)0)]
    [DataRow(0x00, (byte)0)]
    [DataRow(0x35, (byte)0x41)]
    public void An_inode_that_is_more_than_changed_is_unsupported(int offset, byte value)
    {
        Expect.Unsupported(Log, () => BtrfsFileSystem.Open(Image.WithItem(BtrfsFormat.LogTreeId, key => key.Type == BtrfsFormat.InodeItemKey, offset, value).Content));
    }

    private static bool IsLog(BtrfsBlock block) => block.Owner == BtrfsFormat.LogTreeId && block.Generation == Image.Generation + 1;
}
