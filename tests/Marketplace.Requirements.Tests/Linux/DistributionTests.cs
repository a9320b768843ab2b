using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Tests.Support.Distributions;

namespace Marketplace.Requirements.Tests.Linux;

/// <summary>Good systems of the distributions that use RPM: every requirement passes or only notes something.</summary>
[TestClass]
public sealed class DistributionTests
{
    private static readonly RequirementsLevel[] Levels = [RequirementsLevel.Guide201510, RequirementsLevel.Current];

    private static readonly Dictionary<string, Func<MemoryTree>> Systems = new(StringComparer.Ordinal)
    {
        ["rhel-8"] = EnterpriseLinux.RedHat8,
        ["rhel-9"] = EnterpriseLinux.RedHat9,
        ["rhel-10"] = EnterpriseLinux.RedHat10,
        ["alma-9"] = EnterpriseLinux.Alma9,
        ["rocky-9"] = EnterpriseLinux.Rocky9,
        ["oracle-8"] = EnterpriseLinux.Oracle8,
        ["sles-15"] = SuseLinux.Enterprise15,
        ["tumbleweed"] = SuseLinux.Tumbleweed,
        ["mariner-2"] = AzureLinux.Mariner2,
        ["azurelinux-3"] = AzureLinux.AzureLinux3,
    };

    private const string Alma = "f00-5.14.0-427.13.1.el9_4.x86_64";

    private static readonly Dictionary<string, (string System, string Ids, Action<MemoryTree> Plant)> Defects = new(StringComparer.Ordinal)
    {
        ["kernelopts without console"] = ("rhel-8", "MKT2013 Error", tree => Edit(tree, "/boot/efi/EFI/redhat/grubenv", " console=ttyS0", "")),
        ["environment block of BIOS differs from that of UEFI"] = ("rhel-8", "MKT2013 Error", tree => tree.Remove("/boot/grub2/grubenv").Add("/boot/grub2/grubenv", $"# GRUB Environment Block\nkernelopts=root=/dev/mapper/rootvg-rootlv {EnterpriseLinux.KernelLine.Replace("ttyS0", "tty0", StringComparison.Ordinal)} earlyprintk=ttyS0\n###")),
        ["entry without earlyprintk"] = ("alma-9", "MKT2014 Warning", tree => Edit(tree, $"/boot/loader/entries/{Alma}.conf", "earlyprintk=ttyS0 ", "")),
        ["entry without rootdelay"] = ("rocky-9", "MKT2015 Error", tree => Edit(tree, $"/boot/loader/entries/{Alma}.conf", "rootdelay=300 ", "")),
        ["menu of SUSE without console"] = ("sles-15", "MKT2013 Error", tree => Edit(tree, "/boot/grub2/grub.cfg", "console=ttyS0 earlyprintk", "earlyprintk")),
        ["menu of Mariner without earlyprintk"] = ("mariner-2", "MKT2014 Warning", tree => Edit(tree, "/boot/grub2/grub.cfg", "earlyprintk=ttyS0 ", "")),
        ["cloud-init off on the kernel line"] = ("azurelinux-3", "MKT2037 Error", tree => Edit(tree, "/boot/grub2/grub.cfg", "$kernelopts", "cloud-init=disabled")),
        ["agent does not update itself"] = ("sles-15", "MKT2003 Warning", tree => Edit(tree, "/etc/waagent.conf.server", "# AutoUpdate.Enabled=y", "AutoUpdate.Enabled=n")),
        ["agent is not enabled"] = ("rhel-9", "MKT2002 Error", tree => tree.Remove("/etc/systemd/system/multi-user.target.wants/waagent.service")),
        ["agent is masked"] = ("sles-15", "MKT2002 Error", tree => tree.Link("/etc/systemd/system/waagent.service", "/dev/null")),
        ["agent keeps the password of root"] = ("rhel-10", "MKT2032 Warning", tree => Edit(tree, "/etc/waagent.conf", "DeleteRootPassword=y", "DeleteRootPassword=n")),
        ["old agent"] = ("oracle-8", "MKT2001 Warning", tree => Edit(tree, "/usr/lib/python3.6/site-packages/azurelinuxagent/common/version.py", "2.9.1.1", "2.2.40")),
        ["udf is blocked"] = ("rhel-8", "MKT2004 Error", tree => tree.Add("/etc/modprobe.d/CIS.conf", "install cramfs /bin/true\ninstall udf /bin/true\n")),
        ["storage driver is blocked"] = ("sles-15", "MKT2004 Error", tree => tree.Add("/etc/modprobe.d/99-local.conf", "blacklist hv_storvsc\n")),
        ["initial RAM disk of another kernel"] = ("alma-9", "MKT2004 Error", tree => Edit(tree, $"/boot/loader/entries/{Alma}.conf", "initrd /initramfs-5.14.0-427.13.1.el9_4.x86_64.img", "initrd /initramfs-old.img")),
        ["module is removed"] = ("tumbleweed", "MKT2004 Error", tree => tree.Remove("/usr/lib/modules/6.11.0-1-default/kernel/drivers/net/hyperv/hv_netvsc.ko.zst")),
        ["keep-alive is off"] = ("sles-15", "MKT2018 Error", tree => Edit(tree, "/etc/ssh/sshd_config", "ClientAliveInterval 180", "#ClientAliveInterval 0")),
        ["drop-in with another keep-alive"] = ("rhel-9", "MKT2018 Error", tree => tree.Add("/etc/ssh/sshd_config.d/10-hardening.conf", "ClientAliveInterval 900\n")),
        ["keep-alive in a drop-in only"] = ("rocky-9", "MKT2019 Warning", tree => { Edit(tree, "/etc/ssh/sshd_config", "\nClientAliveInterval 180", ""); tree.Add("/etc/ssh/sshd_config.d/60-alive.conf", "ClientAliveInterval 180\n"); }
        ),
        ["keep-alive in the options of the service"] = ("rhel-8", "MKT2018 Error", tree => tree.Add("/etc/sysconfig/sshd", "OPTIONS=\"-o ClientAliveInterval=0\"\n")),
        ["SSH server is not enabled"] = ("azurelinux-3", "MKT2017 Warning", tree => { tree.Remove("/etc/systemd/system/multi-user.target.wants/sshd.service"); tree.Add("/etc/machine-id", ""); }
        ),
        ["static address of network scripts"] = ("rhel-8", "MKT2022 Error", tree => Edit(tree, "/etc/sysconfig/network-scripts/ifcfg-eth0", "BOOTPROTO=dhcp", "BOOTPROTO=none\nIPADDR=10.0.0.4\nPREFIX=24")),
        ["device that does not come up"] = ("alma-9", "MKT2022 Warning", tree => Edit(tree, "/etc/sysconfig/network-scripts/ifcfg-eth0", "ONBOOT=yes", "ONBOOT=no")),
        ["hardware address"] = ("rhel-8", "MKT2022 Warning", tree => tree.Add("/etc/sysconfig/network-scripts/ifcfg-ens3", "DEVICE=ens3\nBOOTPROTO=dhcp\nHWADDR=52:54:00:12:34:56\n")),
        ["keyfile with an address"] = ("rhel-10", "MKT2022 Error", tree => tree.Add("/etc/NetworkManager/system-connections/eth0.nmconnection", "[connection]\nid=eth0\ntype=ethernet\ninterface-name=eth0\n\n[ipv4]\naddress1=10.0.0.4/24,10.0.0.1\nmethod=manual\n", 0b110_000_000)),
        ["static address of wicked"] = ("sles-15", "MKT2022 Error", tree => Edit(tree, "/etc/sysconfig/network/ifcfg-eth0", "BOOTPROTO='dhcp'", "BOOTPROTO='static'\nIPADDR='10.0.0.4/24'")),
        ["wicked leaves the device off"] = ("sles-15", "MKT2022 Warning", tree => Edit(tree, "/etc/sysconfig/network/ifcfg-eth0", "'onboot'", "'off'")),
        ["static address of networkd"] = ("mariner-2", "MKT2022 Error", tree => tree.Add("/etc/systemd/network/10-static.network", "[Match]\nName=eth0\n\n[Network]\nAddress=10.0.0.4/24\nGateway=10.0.0.1\n")),
        ["networkd without DHCP"] = ("azurelinux-3", "MKT2022 Warning", tree => Edit(tree, "/etc/systemd/network/99-dhcp-en.network", "DHCP=yes", "DHCP=no")),
        ["name server"] = ("rhel-9", "MKT2024 Error", tree => tree.Add("/etc/resolv.conf", "# Generated by NetworkManager\nsearch build.example\nnameserver 192.168.122.1\n")),
        ["persistent network rule"] = ("sles-15", "MKT2023 Warning", tree => tree.Add("/etc/udev/rules.d/70-persistent-net.rules", "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", ATTR{address}==\"00:0d:3a:01:02:03\", KERNEL==\"eth*\", NAME=\"eth0\"\n")),
        ["password of root"] = ("rhel-8", "MKT2032 Error", tree => Edit(tree, "/etc/shadow", "root:*LOCK*:", "root:$6$saltsalt$hash:")),
        ["password of a user"] = ("alma-9", "MKT2027 Error", tree => AddUser(tree, "$6$saltsalt$hash")),
        ["key of a user"] = ("sles-15", "MKT2027 Error", tree => { AddUser(tree, "!"); tree.Add("/home/admin/.ssh/authorized_keys", "ssh-ed25519 AAAAC3Nza admin@build\n"); }
        ),
        ["shell history"] = ("tumbleweed", "MKT2028 Error", tree => tree.Add("/root/.bash_history", "zypper up\n")),
        ["state of the agent"] = ("rocky-9", "MKT2030 Error", tree => tree.Add("/var/lib/waagent/ovf-env.xml", "<Environment/>").Add("/var/lib/waagent/provisioned", "x")),
        ["lease of dhclient"] = ("rhel-8", "MKT2030 Error", tree => tree.Add("/var/lib/NetworkManager/dhclient-5fb06bd0-eth0.lease", "lease {}\n")),
        ["machine id"] = ("oracle-8", "MKT2030 Warning", tree => tree.Add("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")),
        ["lease of wicked"] = ("sles-15", "MKT2030 Warning", tree => tree.Add("/var/lib/wicked/lease-eth0-dhcp-ipv4.xml", "<lease/>\n")),
        ["password of the target"] = ("sles-15", "MKT2033 Warning", tree => Edit(tree, "/etc/sudoers", "# Defaults targetpw", "Defaults targetpw")),
        ["password of the target below /usr/etc"] = ("tumbleweed", "MKT2033 Warning", tree => Edit(tree, "/usr/etc/sudoers", "# Defaults targetpw", "Defaults targetpw")),
        ["host name from DHCP"] = ("sles-15", "MKT2039 Warning", tree => Edit(tree, "/etc/sysconfig/network/dhcp", "HOSTNAME=\"no\"\nWRITE", "HOSTNAME=\"yes\"\nWRITE")),
        ["source of cloud-init"] = ("rhel-9", "MKT2037 Error", tree => { Edit(tree, "/etc/cloud/cloud.cfg.d/91-azure_datasource.cfg", "[ Azure ]", "[ NoCloud ]"); }
        ),
        ["cloud-init is disabled, and the agent waits for it"] = ("sles-15", "MKT2037 Error", tree => tree.Add("/etc/cloud/cloud-init.disabled", "")),
        ["rules of iptables on Red Hat"] = ("rhel-8", "MKT2029 Warning", tree => tree.Add("/usr/lib/systemd/system/iptables.service", "[Service]\nExecStart=/usr/libexec/iptables/iptables.init start\n").Link("/etc/systemd/system/multi-user.target.wants/iptables.service", "/usr/lib/systemd/system/iptables.service").Add("/etc/sysconfig/iptables", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j REJECT --reject-with icmp-host-prohibited\nCOMMIT\n")),
        ["rules of iptables on Azure Linux"] = ("azurelinux-3", "MKT2029 Warning", tree => Edit(tree, "/etc/systemd/scripts/ip4save", "COMMIT", "-A INPUT -p tcp --dport 8080 -j ACCEPT\nCOMMIT")),
        ["registration with Red Hat"] = ("rhel-9", "MKT2038 Warning", tree => tree.Add("/etc/pki/consumer/key.pem", "-----BEGIN PRIVATE " + "KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n").Add("/etc/pki/consumer/cert.pem", "-----BEGIN CERTIFICATE-----\n")),
        ["registration with SUSE"] = ("sles-15", "MKT2038 Warning", tree => tree.Add("/etc/zypp/credentials.d/SCCcredentials", "username=SCC_0123\npassword=0123456789\n")),
        ["hash in the answers of the installation"] = ("rhel-8", "MKT2038 Warning", tree => tree.Add("/root/anaconda-ks.cfg", "# Root password\nrootpw --iscrypted $6$saltsalt$hash\n")),
        ["password in the answers of the installation"] = ("alma-9", "MKT2038 Warning", tree => tree.Add("/root/original-ks.cfg", "#rootpw --plaintext no\nrootpw --plaintext almalinux\n")),
        ["password of a user in the answers of the installation"] = ("rocky-9", "MKT2038 Warning", tree => tree.Add("/root/anaconda-ks.cfg", "rootpw --lock\nuser --groups=wheel --name=admin --password=$6$salt$hash --iscrypted\n")),
        ["password in the answers of AutoYaST"] = ("sles-15", "MKT2038 Warning", tree => tree.Add("/root/autoinst.xml", "<user>\n  <user_password>$6$salt$hash</user_password>\n</user>\n")),
        ["private key"] = ("rhel-8", "MKT2038 Warning", tree => tree.Add("/etc/pki/tls/private/server.key", "-----BEGIN PRIVATE " + "KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n")),
        ["host key that nothing replaces"] = ("rhel-9", "MKT2031 Warning", tree => tree.Add("/etc/ssh/ssh_host_rsa_key", "-----BEGIN OPENSSH PRIVATE " + "KEY-----\n")),
        ["swap file"] = ("alma-9", "MKT2011 there", tree => { byte[] swap = new byte[8192]; "SWAPSPACE2"u8.CopyTo(swap.AsSpan(4086)); tree.Add("/swapfile", swap); }
        ),
        ["swap of cloud-init"] = ("azurelinux-3", "MKT2012 Warning", tree => tree.Add("/etc/cloud/cloud.cfg.d/50-swap.cfg", "swap:\n  filename: /swapfile\n  size: 2G\n")),
        ["32 bits"] = ("rhel-8", "MKT2035 Error", tree => { byte[] elf = new byte[64]; "\u007FELF"u8.CopyTo(elf); elf[4] = 1; elf[5] = 1; elf[18] = 3; tree.Add("/usr/lib/systemd/systemd", elf); }
        ),
    };

    private static readonly Dictionary<string, (string System, Action<MemoryTree> Plant)> Decoys = new(StringComparer.Ordinal)
    {
        ["swap on the resource disk"] = ("rhel-8", tree => tree.Add("/etc/cloud/cloud.cfg.d/00-azure-swap.cfg", "#cloud-config\n# Generated by Azure cloud image build\ndisk_setup:\n  ephemeral0:\n    table_type: mbr\n    layout: [66, [33, 82]]\n    overwrite: True\nfs_setup:\n  - device: ephemeral0.1\n    filesystem: ext4\n  - device: ephemeral0.2\n    filesystem: swap\nmounts:\n  - [\"ephemeral0.1\", \"/mnt/resource\"]\n  - [\"ephemeral0.2\", \"none\", \"swap\", \"sw,nofail,x-systemd.requires=cloud-init.service,x-systemd.device-timeout=2\", \"0\", \"0\"]\n")),
        ["swap of the agent"] = ("rhel-9", tree => Edit(tree, "/etc/waagent.conf", "ResourceDisk.Format=n", "ResourceDisk.Format=y\nResourceDisk.EnableSwap=y\nResourceDisk.SwapSizeMB=2048")),
        ["answers of an installation without passwords"] = ("rocky-9", tree => tree.Add("/root/anaconda-ks.cfg", "# Root password\nrootpw --iscrypted thereisnopasswordanditslocked\n#user --name=x --password=secret\nuser --name=y --lock\n").Add("/root/original-ks.cfg", "rootpw --lock\n")),
        ["units of newer cloud-init"] = ("rhel-10", tree => tree.Remove("/usr/lib/systemd/system/cloud-init.service").Remove("/etc/systemd/system/cloud-init.target.wants/cloud-init.service").Add("/usr/lib/systemd/system/cloud-init-network.service", "[Service]\n[Install]\nWantedBy=cloud-init.target\n").Link("/etc/systemd/system/cloud-init.target.wants/cloud-init-network.service", "/usr/lib/systemd/system/cloud-init-network.service")),
        ["serial line with a speed"] = ("alma-9", tree => Edit(tree, $"/boot/loader/entries/{Alma}.conf", "console=ttyS0 earlyprintk=ttyS0", "console=ttyS0,115200n8 earlyprintk=ttyS0,115200")),
        ["kernel of the rescue and an old one"] = ("alma-9", tree => tree.Add("/boot/loader/entries/f00-0-rescue.conf", "title Rescue\nversion 0-rescue-f00\nlinux /vmlinuz-0-rescue-f00\noptions root=/dev/sda4 ro\n").Add("/boot/loader/entries/f00-5.14.0-70.el9.x86_64.conf", "title Old\nversion 5.14.0-70.el9.x86_64\nlinux /vmlinuz-5.14.0-70.el9.x86_64\noptions root=/dev/sda4 ro\n")),
        ["newer Python beside that of the platform"] = ("rhel-8", tree => tree.Add("/usr/bin/python3.11", "\u007fELF", 0b111_101_101).Link("/etc/alternatives/python3", "/usr/bin/python3.11").Link("/usr/bin/python3", "/etc/alternatives/python3")),
        ["backups of configurations"] = ("sles-15", tree => tree.Add("/etc/sysconfig/network/ifcfg-eth0.bak", "IPADDR=10.0.0.4\n").Add("/etc/ssh/sshd_config.rpmsave", "ClientAliveInterval 0\n").Add("/etc/sudoers.d/old.rpmsave", "Defaults targetpw\n").Add("/etc/modprobe.d/old.conf.rpmsave", "blacklist udf\n")),
        ["loopback of network scripts"] = ("rhel-8", tree => tree.Add("/etc/sysconfig/network-scripts/ifcfg-lo", "DEVICE=lo\nIPADDR=127.0.0.1\nNETMASK=255.0.0.0\nONBOOT=yes\n")),
        ["link for accelerated networking"] = ("azurelinux-3", tree => tree.Add("/etc/systemd/network/01-azure-sriov.network", "[Match]\nDriver=mlx4_en mlx5_en mlx4_core mlx5_core mana\n\n[Link]\nUnmanaged=yes\n")),
        ["firewall that is installed and off"] = ("sles-15", tree => tree.Add("/usr/sbin/firewalld", "#!/usr/bin/python3\n", 0b111_101_101).Add("/usr/lib/systemd/system/firewalld.service", "[Service]\nExecStart=/usr/sbin/firewalld\n").Add("/etc/sysconfig/iptables", "*filter\n-A INPUT -j DROP\nCOMMIT\n")),
        ["password fields that lock"] = ("rhel-10", tree => { AddUser(tree, "!*"); tree.Add("/etc/passwd", tree.ReadAllText("/etc/passwd", 1 << 20) + "+::::::\n"); }
        ),
        ["forced command of cloud-init"] = ("rhel-9", tree => tree.Add("/root/.ssh/authorized_keys", "no-port-forwarding,command=\"echo 'Please login as the user \\\"cloud-user\\\" rather than the user \\\"root\\\".';echo;sleep 10;exit 142\" ssh-rsa AAAA\n")),
        ["keys of the update service"] = ("rhel-9", tree => tree.Add("/etc/pki/rhui/product/content-rhel9.crt", "-----BEGIN CERTIFICATE-----\n").Add("/etc/pki/entitlement/.keep", "")),
        ["unified kernel with its parameters in an addon"] = ("rhel-9", tree => tree.Remove("/boot/grub2").Remove("/boot/loader").Remove("/boot/efi/EFI/redhat/grub.cfg")
            .Add("/boot/efi/EFI/Linux/f00-5.14.0-427.13.1.el9_4.x86_64.efi", KernelLineTests.UnifiedKernel("console=tty0 ro\0"))
            .Add("/boot/efi/EFI/Linux/f00-5.14.0-427.13.1.el9_4.x86_64.efi.extra.d/serial.addon.efi", KernelLineTests.UnifiedKernel("console=ttyS0\0"))
            .Add("/boot/efi/loader/addons/azure.addon.efi", KernelLineTests.UnifiedKernel("earlyprintk=ttyS0 rootdelay=300"))
            .Add("/usr/lib/modules/5.14.0-427.13.1.el9_4.x86_64/modules.builtin", string.Concat(((string[])["drivers/hv/hv_vmbus", "drivers/hv/hv_utils", "drivers/scsi/hv_storvsc", "drivers/net/hyperv/hv_netvsc"]).Select(name => $"kernel/{name}.ko\n")))),
    };

    public static IEnumerable<string> DecoyNames => Decoys.Keys;

    public static IEnumerable<string> Names => Systems.Keys;

    public static IEnumerable<string> DefectNames => Defects.Keys;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void GoodSystemHasNoFinding(string name) => Assert.AreEqual("", string.Join('\n', Find(Systems[name]())));

    /// <summary>What makers of images add and what installers leave; nothing of it is a fault.</summary>
    [TestMethod]
    [DynamicData(nameof(DecoyNames))]
    public void DecoyIsNoFinding(string name)
    {
        (string system, Action<MemoryTree> plant) = Decoys[name];
        MemoryTree tree = Systems[system]();
        plant(tree);

        Assert.AreEqual("", string.Join('\n', Find(tree)));
    }

    [TestMethod]
    [DynamicData(nameof(DefectNames))]
    public void PlantedDefectIsFoundAndNothingElse(string name)
    {
        (string system, string ids, Action<MemoryTree> plant) = Defects[name];
        MemoryTree tree = Systems[system]();
        plant(tree);

        string[] found = [.. Find(tree)];

        Assert.AreEqual(ids, string.Join(' ', found.Select(line => string.Join(' ', line.Split(' ').Take(2)).TrimEnd(':')).Distinct()), string.Join('\n', found));
    }

    /// <summary>Everything that weighs or could not be checked, a line each.</summary>
    private static IEnumerable<string> Find(MemoryTree tree)
    {
        LinuxSystem system = new(tree);
        foreach (LinuxRequirement requirement in RequirementCatalog.All.OfType<LinuxRequirement>())
        {
            CheckResult result;
            string? inconclusive = null;
            try
            {
                result = requirement.CheckSystem("/images/os.vhd", system);
            }
            catch (Exception exception) when (exception is CannotCheckException or DiskFormatException)
            {
                inconclusive = exception.Message;
                result = CheckResult.Passed;
            }

            if (inconclusive is not null)
            {
                yield return $"{requirement.Id} inconclusive: {inconclusive}";
            }

            foreach (Observation observation in result.Observations)
            {
                Severity severity = SeverityPolicy.Counting(requirement, Levels).Max(level => SeverityPolicy.At(requirement, observation, level));
                if (severity >= Severity.Warning)
                {
                    yield return $"{requirement.Id} {severity}: {observation.Found} [{observation.PathInDisk}:{observation.Line}]";
                }
            }
        }

        foreach (Observation observation in SwapFacts.Find("/images/os.vhd", system))
        {
            yield return "MKT2011 " + observation.Found;
        }
    }

    private static void AddUser(MemoryTree tree, string hash)
    {
        tree.Add("/etc/passwd", tree.ReadAllText("/etc/passwd", 1 << 20) + "admin:x:1000:1000::/home/admin:/bin/bash\n");
        tree.Add("/etc/shadow", tree.ReadAllText("/etc/shadow", 1 << 20) + $"admin:{hash}:19000:0:99999:7:::\n", 0).Directory("/home/admin");
    }

    private static void Edit(MemoryTree tree, string path, string old, string text)
    {
        string before = tree.ReadAllText(path, 1 << 20)!;
        StringAssert.Contains(before, old);
        tree.Add(path, before.Replace(old, text, StringComparison.Ordinal), tree.Stat(path)!.Mode);
    }
}
