using System.Globalization;
using System.Text;

namespace Marketplace.Requirements.Tests.Support;

/// <summary>Systems with the files of their kernel.</summary>
internal static class KernelTrees
{
    /// <summary>The kernel of the default entry of <see cref="LinuxTrees.Debian"/>.</summary>
    public const string Release = "6.1.0-18-cloud-amd64";

    public const string Modules = "/usr/lib/modules/" + Release;

    public const string Config = "CONFIG_HYPERV=m\nCONFIG_HYPERV_STORAGE=m\nCONFIG_HYPERV_NET=m\nCONFIG_HYPERV_UTILS=m\nCONFIG_UDF_FS=m\nCONFIG_VFAT_FS=m\nCONFIG_WATCHDOG=y\nCONFIG_CIFS=m\n# CONFIG_WQ_WATCHDOG is not set\nCONFIG_INITRAMFS_SOURCE=\"\"\n";

    private static readonly string[] Files =
    [
        "kernel/drivers/hv/hv_vmbus.ko", "kernel/drivers/hv/hv_utils.ko", "kernel/drivers/scsi/hv_storvsc.ko", "kernel/drivers/net/hyperv/hv_netvsc.ko",
        "kernel/fs/udf/udf.ko", "kernel/fs/fat/vfat.ko", "kernel/fs/smb/client/cifs.ko", "kernel/drivers/watchdog/softdog.ko",
    ];

    /// <summary>Debian with a kernel whose drivers are modules, those for the root in its initial RAM disk.</summary>
    /// <param name="suffix">What the names of the modules end with after <c>.ko</c>.</param>
    public static MemoryTree Debian(string suffix = "")
    {
        MemoryTree tree = LinuxTrees.Debian()
            .Add("/boot/vmlinuz-" + Release, Image(Release + " (debian-kernel@lists.debian.org) #1 SMP"))
            .Add("/boot/initrd.img-" + Release, Archive([.. Files.Select(file => $"usr/lib/modules/{Release}/{file}{suffix}")]))
            .Add("/boot/config-" + Release, Config)
            .Add(Modules + "/modules.builtin", "kernel/fs/ext4/ext4.ko\n")
            .Add(Modules + "/modules.dep", string.Concat(Files.Select(file => $"{file}{suffix}: kernel/lib/crc16.ko\n")))
            .Add("/usr/sbin/update-initramfs", "#!/bin/sh\n", 0b111_101_101);
        foreach (string file in Files)
        {
            tree.Add($"{Modules}/{file}{suffix}", "\u007fELF");
        }

        return tree;
    }

    /// <summary>Debian whose kernel has every driver built in and no initial RAM disk.</summary>
    public static MemoryTree BuiltIn() => Debian()
        .Remove("/boot/initrd.img-" + Release)
        .Remove(Modules + "/kernel")
        .Add("/boot/config-" + Release, Config.Replace("=m", "=y", StringComparison.Ordinal))
        .Add(Modules + "/modules.builtin", string.Concat(Files.Select(file => file + "\n")))
        .Add(Modules + "/modules.dep", "")
        .Add("/boot/grub/grub.cfg", LinuxTrees.DebianGrub.Replace("\tinitrd\t/boot/initrd.img-6.1.0-18-cloud-amd64\n", "", StringComparison.Ordinal));

    /// <summary>A kernel image of x86: magic, and a version text where the header says.</summary>
    public static byte[] Image(string version)
    {
        byte[] image = new byte[0x400 + 200];
        image[0] = (byte)'M';
        image[1] = (byte)'Z';
        Encoding.ASCII.GetBytes("HdrS").CopyTo(image, 0x202);
        image[0x20F] = 2; // kernel_version: 0x200 + 0x200
        Encoding.ASCII.GetBytes(version).CopyTo(image, 0x400);
        return image;
    }

    /// <summary>An uncompressed archive of files without data.</summary>
    public static byte[] Archive(params string[] names)
    {
        StringBuilder archive = new();
        foreach (string name in names.Append("TRAILER!!!"))
        {
            archive.Append("070701");
            foreach (int field in (int[])[1, 0x81A4, 0, 0, 1, 0, 0, 0, 0, 0, 0, name.Length + 1, 0])
            {
                archive.Append(field.ToString("x8", CultureInfo.InvariantCulture));
            }

            archive.Append(name).Append('\0').Append('\0', -(110 + name.Length + 1) & 3);
        }

        return Encoding.ASCII.GetBytes(archive.ToString());
    }
}
