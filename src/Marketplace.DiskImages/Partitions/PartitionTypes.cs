namespace Marketplace.DiskImages.Partitions;

/// <summary>Partition types this library gives a meaning to (UEFI Specification 5.3.3; Discoverable Partitions Specification; GRUB manual).</summary>
public static class PartitionTypes
{
    /// <summary>EFI system partition on an MBR.</summary>
    public const byte MbrEfiSystem = 0xEF;

    /// <summary>Linux swap on an MBR (Solaris once used it too).</summary>
    public const byte MbrLinuxSwap = 0x82;

    /// <summary>Linux LVM on an MBR.</summary>
    public const byte MbrLinuxLvm = 0x8E;

    /// <summary>EFI system partition.</summary>
    public static Guid EfiSystem { get; } = new("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");

    /// <summary>BIOS boot partition, where GRUB keeps its second stage.</summary>
    public static Guid BiosBoot { get; } = new("21686148-6449-6e6f-744e-656564454649");

    /// <summary>Linux swap.</summary>
    public static Guid LinuxSwap { get; } = new("0657fd6d-a4ab-43c4-84e5-0933c84b4f4f");

    /// <summary>Linux LVM.</summary>
    public static Guid LinuxLvm { get; } = new("e6d6d379-f507-44c2-a23c-238f2a3df928");

    /// <summary>Extended boot loader partition (XBOOTLDR), mounted at <c>/boot</c>.</summary>
    public static Guid ExtendedBoot { get; } = new("bc13c2ff-59e6-4262-a352-b275fd6f7172");

    /// <summary>Root of an x86-64 Linux.</summary>
    public static Guid LinuxRootX64 { get; } = new("4f68bce3-e8cd-4db1-96e7-fbcaf984b709");

    /// <summary>Root of a 64-bit ARM Linux.</summary>
    public static Guid LinuxRootArm64 { get; } = new("b921b045-1df0-41c3-af44-4c6f280d3fae");

    /// <summary>The files of <c>/usr</c> of an x86-64 Linux.</summary>
    public static Guid LinuxUsrX64 { get; } = new("8484680c-9521-48c6-9c11-b0720656f69e");

    /// <summary>The files of <c>/usr</c> of a 64-bit ARM Linux.</summary>
    public static Guid LinuxUsrArm64 { get; } = new("b0e01050-ee5f-4390-949a-9101b17104e9");

    /// <summary>The files of <c>/usr</c> of Flatcar (once CoreOS) Container Linux; a disk has two, of which one is in use.</summary>
    public static Guid FlatcarUsr { get; } = new("5dfbf5f4-2848-4bac-aa5e-0d9a20b745a6");

    /// <summary>Root of Flatcar, which is nearly empty until the first start.</summary>
    public static Guid FlatcarRoot { get; } = new("3884dd41-8582-4404-b9a8-e9b84f2df50e");

    /// <summary>The files of <c>/home</c>, which systemd mounts when fstab does not.</summary>
    public static Guid LinuxHome { get; } = new("933ac7e1-2eb4-4f13-b844-0e14e2aef915");

    /// <summary>The files of <c>/srv</c>, which systemd mounts when fstab does not.</summary>
    public static Guid LinuxServerData { get; } = new("3b8f8425-20e0-4f3b-907f-1a25a76f98e8");

    /// <summary>The files of <c>/var/tmp</c>, which systemd mounts when fstab does not.</summary>
    public static Guid LinuxTemporaryData { get; } = new("7ec6f557-3bc5-4aca-b293-16ef5df639d1");

    /// <summary>Microsoft reserved partition, which never holds a file system.</summary>
    public static Guid MicrosoftReserved { get; } = new("e3c9e316-0b5c-4db8-817d-f92df00215ae");
}
