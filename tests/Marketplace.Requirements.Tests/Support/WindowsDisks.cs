namespace Marketplace.Requirements.Tests.Support;

/// <summary>A generation 1 disk with one NTFS partition: the files by which a Windows installation is known.</summary>
internal static class WindowsDisks
{
    public const long PartitionOffset = DiskFolder.MiB;
    private const int SectorSize = 512;

    /// <summary>Makes the VHD, of 127 GiB as those of the platform.</summary>
    public static string Create(DiskFolder folder, string name)
    {
        byte[] volume = File.ReadAllBytes(folder.Packed(name + ".ntfs", "Ntfs/ntfs-windows"));
        byte[] sector = new byte[SectorSize];
        Layouts.AddMbrPartition(sector, 0, 0x07, (uint)(PartitionOffset / SectorSize), (uint)(volume.Length / SectorSize), active: true);
        return folder.FixedVhd(name, 127 * DiskFolder.GiB, (0, sector), (PartitionOffset, volume));
    }
}
