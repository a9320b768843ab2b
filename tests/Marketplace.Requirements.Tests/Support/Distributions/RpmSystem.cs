using System.IO.Compression;
using System.Text;

namespace Marketplace.Requirements.Tests.Support.Distributions;

/// <summary>What systems of RPM distributions have in common: accounts, agent, cloud-init, kernel with its modules, an initial RAM disk of dracut.</summary>
internal static class RpmSystem
{
    private const int Program = 0b111_101_101;

    private static readonly string[] Drivers =
    [
        "kernel/drivers/hv/hv_vmbus.ko", "kernel/drivers/hv/hv_utils.ko", "kernel/drivers/scsi/hv_storvsc.ko", "kernel/drivers/net/hyperv/hv_netvsc.ko",
        "kernel/fs/udf/udf.ko", "kernel/fs/fat/vfat.ko", "kernel/fs/cifs/cifs.ko", "kernel/drivers/watchdog/softdog.ko",
    ];

    /// <summary>A generalised system without boot menu and network configuration.</summary>
    public static MemoryTree Create(string osRelease, string python) => new MemoryTree()
        .Link("/lib", "usr/lib").Link("/lib64", "usr/lib64").Link("/bin", "usr/bin").Link("/sbin", "usr/sbin")
        .Link("/etc/os-release", "../usr/lib/os-release")
        .Add("/usr/lib/os-release", osRelease)
        .Add("/etc/machine-id", "")
        .Add("/etc/hostname", "localhost.localdomain\n")
        .Add("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin/nologin\nsync:x:5:0:sync:/sbin:/bin/sync\nshutdown:x:6:0:shutdown:/sbin:/sbin/shutdown\nnobody:x:65534:65534:Kernel Overflow User:/:/sbin/nologin\nsshd:x:74:74:Privilege-separated SSH:/usr/share/empty.sshd:/sbin/nologin\n")
        .Add("/etc/shadow", "root:*LOCK*:14600::::::\nbin:*:18353:0:99999:7:::\nsync:*:18353:0:99999:7:::\nshutdown:*:18353:0:99999:7:::\nnobody:*:18353:0:99999:7:::\nsshd:!!:18353::::::\n", 0)
        .Add("/etc/skel/.bash_logout", "# ~/.bash_logout\n")
        .Add("/etc/sudoers", "Defaults   !visiblepw\nDefaults    always_set_home\nroot\tALL=(ALL) \tALL\n%wheel\tALL=(ALL)\tALL\n#includedir /etc/sudoers.d\n", 0b100_100_000)
        .Add("/usr/bin/sudo", "\u007fELF", Program)
        .Directory("/etc/sudoers.d").Directory("/root").Directory("/home").Directory("/var/lib/waagent").Directory("/var/lib/cloud")
        .Add("/usr/bin/bash", Elf).Link("/usr/bin/sh", "bash").Add("/usr/lib/systemd/systemd", Elf).Link("/usr/sbin/init", "../lib/systemd/systemd")
        .Add("/usr/bin/python" + python, "\u007fELF", Program).Link("/usr/bin/python3", "python" + python)
        .Add($"/usr/lib/python{python}/site-packages/pyasn1/__init__.py", "__version__ = '0.4.8'\n")
        .Add($"/usr/lib/python{python}/site-packages/azurelinuxagent/common/version.py", "AGENT_NAME = \"WALinuxAgent\"\nAGENT_VERSION = '2.9.1.1'\n")
        .Add("/usr/sbin/waagent", $"#!/usr/bin/python{python}\n", Program)
        .Add("/usr/lib/systemd/system/waagent.service", "[Unit]\nDescription=Azure Linux Agent\nWants=network-online.target sshd.service sshd-keygen.service\nConditionFileIsExecutable=/usr/sbin/waagent\nConditionPathExists=/etc/waagent.conf\n[Service]\nType=simple\nExecStart=/usr/bin/python3 -u /usr/sbin/waagent -daemon\n[Install]\nWantedBy=multi-user.target\n")
        .Link("/etc/systemd/system/multi-user.target.wants/waagent.service", "/usr/lib/systemd/system/waagent.service")
        .Add("/etc/waagent.conf", AgentConfiguration)
        .Add("/usr/bin/cloud-init", $"#!/usr/bin/python{python} -s\n", Program)
        .Add("/usr/lib/systemd/system/cloud-init.service", "[Unit]\n[Service]\nExecStart=/usr/bin/cloud-init init\n[Install]\nWantedBy=cloud-init.target\n")
        .Add("/usr/lib/systemd/system/cloud-init-local.service", "[Unit]\n[Service]\nExecStart=/usr/bin/cloud-init init --local\n[Install]\nWantedBy=cloud-init.target\n")
        .Add("/usr/lib/systemd/system/cloud-init.target", "[Unit]\nDescription=Cloud-init target\n")
        .Link("/etc/systemd/system/cloud-init.target.wants/cloud-init.service", "/usr/lib/systemd/system/cloud-init.service")
        .Link("/etc/systemd/system/cloud-init.target.wants/cloud-init-local.service", "/usr/lib/systemd/system/cloud-init-local.service")
        .Add("/usr/sbin/sshd", "\u007fELF", Program)
        .Add("/usr/lib/systemd/system/sshd.service", "[Unit]\n[Service]\nType=notify\nEnvironmentFile=-/etc/sysconfig/sshd\nExecStart=/usr/sbin/sshd -D $OPTIONS\nKillMode=process\n[Install]\nWantedBy=multi-user.target\n")
        .Link("/etc/systemd/system/multi-user.target.wants/sshd.service", "/usr/lib/systemd/system/sshd.service")
        .Add("/usr/bin/openssl", "\u007fELF", Program)
        .Add("/usr/sbin/iptables", "\u007fELF", Program)
        .Add("/usr/lib/udev/rules.d/66-azure-storage.rules", "ACTION==\"add|change\", SUBSYSTEM==\"block\", ENV{ID_VENDOR}==\"Msft\", ENV{ID_MODEL}==\"Virtual_Disk\", GOTO=\"azure_disk\"\n")
        .Add("/usr/lib/udev/rules.d/99-azure-product-uuid.rules", "SUBSYSTEM!=\"dmi\", GOTO=\"product_uuid-exit\"\nATTR{sys_vendor}!=\"Microsoft Corporation\", GOTO=\"product_uuid-exit\"\n");

    /// <summary>The files of a kernel: image, configuration, modules, and an initial RAM disk that follows one of microcode.</summary>
    /// <param name="tree">The system.</param>
    /// <param name="release">Its release.</param>
    /// <param name="initialRamDisk">The name of the initial RAM disk in /boot.</param>
    /// <param name="suffix">What the names of modules end with.</param>
    /// <param name="builtIn">Words of the names of drivers that are a part of it.</param>
    public static MemoryTree WithKernel(this MemoryTree tree, string release, string initialRamDisk, string suffix, params string[] builtIn)
    {
        string modules = "/usr/lib/modules/" + release;
        string[] parts = [.. Drivers.Where(driver => builtIn.Any(word => driver.Contains(word, StringComparison.Ordinal)))];
        string[] loaded = [.. Drivers.Except(parts)];
        string Option(string name, string driver) => $"CONFIG_{name}={(parts.Any(part => part.Contains(driver, StringComparison.Ordinal)) ? 'y' : 'm')}\n";
        tree.Add("/boot/vmlinuz-" + release, KernelTrees.Image(release + " (builder@example) #1 SMP"))
            .Add("/boot/config-" + release, Option("HYPERV", "hv_vmbus") + Option("HYPERV_STORAGE", "hv_storvsc") + Option("HYPERV_NET", "hv_netvsc") + Option("HYPERV_UTILS", "hv_utils") + Option("UDF_FS", "udf") + Option("VFAT_FS", "vfat") + "CONFIG_WATCHDOG=y\nCONFIG_CIFS=m\nCONFIG_INITRAMFS_SOURCE=\"\"\n")
            .Add(modules + "/modules.builtin", "kernel/fs/ext4/ext4.ko\n" + string.Concat(parts.Select(part => part + "\n")))
            .Add(modules + "/modules.dep", string.Concat(loaded.Select(file => $"{file}{suffix}:\n")))
            .Add("/boot/" + initialRamDisk, [.. Microcode(), .. Compress(KernelTrees.Archive([.. loaded.Select(file => $"usr/lib/modules/{release}/{file}{suffix}")]))])
            .Add("/usr/bin/dracut", "#!/bin/bash\n", Program);
        foreach (string file in loaded)
        {
            tree.Add($"{modules}/{file}{suffix}", "\u007fELF");
        }

        return tree;
    }

    /// <summary>The configuration of the agent as it comes from its makers.</summary>
    public const string AgentConfiguration = """
        # Microsoft Azure Linux Agent Configuration
        Extensions.Enabled=y
        Provisioning.Agent=auto
        Provisioning.DeleteRootPassword=y
        Provisioning.RegenerateSshHostKeyPair=y
        Provisioning.SshHostKeyPairType=rsa
        Provisioning.MonitorHostName=y
        Provisioning.DecodeCustomData=n
        Provisioning.ExecuteCustomData=n
        ResourceDisk.Format=n
        ResourceDisk.Filesystem=ext4
        ResourceDisk.MountPoint=/mnt/resource
        ResourceDisk.EnableSwap=n
        ResourceDisk.SwapSizeMB=0
        ResourceDisk.MountOptions=None
        Logs.Verbose=n
        OS.RootDeviceScsiTimeout=300
        OS.OpensslPath=None
        OS.SshDir=/etc/ssh
        # AutoUpdate.Enabled=y
        OS.EnableFirewall=y

        """;

    private static byte[] Elf { get; } = MakeElf();

    private static byte[] MakeElf()
    {
        byte[] elf = new byte[64];
        "\u007FELF"u8.CopyTo(elf);
        elf[4] = 2;
        elf[5] = 1;
        elf[18] = 62;
        return elf;
    }

    private static byte[] Microcode()
    {
        byte[] archive = KernelTrees.Archive("early_cpio", "kernel/x86/microcode/GenuineIntel.bin");
        return [.. archive, .. new byte[-archive.Length & 511]];
    }

    private static byte[] Compress(byte[] data)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Optimal))
        {
            gzip.Write(data);
        }

        return stream.ToArray();
    }

    /// <summary>The text libcrypto tells its version by.</summary>
    public static MemoryTree WithOpenSsl(this MemoryTree tree, string library, string version) =>
        tree.Add(library, Encoding.ASCII.GetBytes($"\u007fELF\0OpenSSL {version} 1 Jan 2024\0"));
}
