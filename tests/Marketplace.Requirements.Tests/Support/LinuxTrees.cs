using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Tests.Support;

/// <summary>Systems as their distributions make them, good but for what a test changes.</summary>
internal static class LinuxTrees
{
    public const string DebianGrub = """
        if [ -s $prefix/grubenv ]; then
          set have_grubenv=true
          load_env
        fi
        if [ "${next_entry}" ] ; then
           set default="${next_entry}"
           set next_entry=
           save_env next_entry
           set boot_once=true
        else
           set default="0"
        fi
        if [ x"${feature_menuentry_id}" = xy ]; then
          menuentry_id_option="--id"
        else
          menuentry_id_option=""
        fi
        function savedefault {
          if [ -z "${boot_once}" ]; then
            saved_entry="${chosen}"
            save_env saved_entry
          fi
        }
        if [ x$feature_default_font_path = xy ] ; then
           font=unicode
        fi
        if loadfont $font ; then
          set gfxmode=auto
        fi
        menuentry 'Debian GNU/Linux' --class debian --class gnu-linux $menuentry_id_option 'gnulinux-simple-1' {
        	load_video
        	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
        	echo	'Loading Linux 6.1.0-18-cloud-amd64 ...'
        	linux	/boot/vmlinuz-6.1.0-18-cloud-amd64 root=UUID=1 ro console=tty0 console=ttyS0,115200 earlyprintk=ttyS0,115200 rootdelay=300
        	initrd	/boot/initrd.img-6.1.0-18-cloud-amd64
        }
        submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced-1' {
        	menuentry 'Debian GNU/Linux, with Linux 6.1.0-18' $menuentry_id_option 'gnulinux-6.1.0-18-advanced-1' {
        		linux	/boot/vmlinuz-6.1.0-18 root=UUID=1 ro console=ttyS0 earlyprintk=ttyS0 rootdelay=300
        	}
        	menuentry 'Debian GNU/Linux, with Linux 6.1.0-18 (recovery mode)' $menuentry_id_option 'gnulinux-6.1.0-18-recovery-1' {
        		linux	/boot/vmlinuz-6.1.0-18 root=UUID=1 ro single
        	}
        }
        """;

    public const string RedHatGrub = """
        set pager=1
        if [ -f ${config_directory}/grubenv ]; then
          load_env -f ${config_directory}/grubenv
        elif [ -s $prefix/grubenv ]; then
          load_env
        fi
        if [ "${next_entry}" ] ; then
           set default="${next_entry}"
           set next_entry=
           save_env next_entry
           set boot_once=true
        else
           set default="${saved_entry}"
        fi
        insmod part_gpt
        set root='hd0,gpt2'
        if [ -z "${kernelopts}" ]; then
          set kernelopts="root=/dev/mapper/rootvg-rootlv ro console=ttyS0 "
        fi
        insmod blscfg
        blscfg
        if [ "$grub_platform" = "efi" ]; then
          menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' { fwsetup }
        fi
        """;

    /// <summary>Debian 12 as the guide asks: agent, cloud-init, ssh, one root partition, generalised.</summary>
    public static MemoryTree Debian() => new MemoryTree()
        .Link("/etc/os-release", "../usr/lib/os-release")
        .Add("/usr/lib/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n")
        .Add("/etc/fstab", "PARTUUID=1 / ext4 rw,discard,errors=remount-ro 0 1\nUUID=C0A7-0515 /boot/efi vfat defaults 0 0\n")
        .Add("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nsync:x:4:65534:sync:/bin:/bin/sync\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\nsshd:x:102:65534::/run/sshd:/usr/sbin/nologin\n")
        .Add("/etc/shadow", "root:*LOCK*:14600::::::\ndaemon:*:19000:0:99999:7:::\nsync:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\nsshd:!:19000::::::\n", 0b110_100_000)
        .Directory("/root")
        .Directory("/home")
        .Link("/lib", "usr/lib")
        .Link("/sbin", "usr/sbin")
        .Add("/usr/sbin/waagent", "#!/usr/bin/env python3\n", 0b111_101_101)
        .Add("/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py", "AGENT_NAME = \"WALinuxAgent\"\n# Current agent version: 2.4.0.0\nAGENT_VERSION = '2.9.1.1'\n")
        .Add("/var/lib/dpkg/status", "Package: waagent\nStatus: install ok installed\nVersion: 2.9.1.1-1\n\nPackage: old\nStatus: deinstall ok config-files\nVersion: 1\n")
        .Add("/etc/waagent.conf", "# Azure Linux Agent Configuration\nProvisioning.Agent=auto\nProvisioning.DeleteRootPassword=y\nProvisioning.RegenerateSshHostKeyPair=y\nResourceDisk.EnableSwap=n\n# AutoUpdate.Enabled=y\n")
        .Add("/usr/lib/systemd/system/walinuxagent.service", "[Service]\nExecStart=/usr/bin/python3 -u /usr/sbin/waagent -daemon\n")
        .Link("/etc/systemd/system/multi-user.target.wants/walinuxagent.service", "/lib/systemd/system/walinuxagent.service")
        .Add("/usr/bin/cloud-init", "#!/usr/bin/python3\n", 0b111_101_101)
        .Add("/usr/sbin/sshd", "\u007fELF", 0b111_101_101)
        .Add("/usr/lib/systemd/system/ssh.service", "[Service]\nExecStart=/usr/sbin/sshd -D\n")
        .Link("/etc/systemd/system/multi-user.target.wants/ssh.service", "/lib/systemd/system/ssh.service")
        .Link("/etc/systemd/system/sshd.service", "/lib/systemd/system/ssh.service")
        .Add("/etc/ssh/sshd_config", "# comment\nInclude /etc/ssh/sshd_config.d/*.conf\nKbdInteractiveAuthentication no\nUsePAM yes\nClientAliveInterval 180\nSubsystem sftp /usr/lib/openssh/sftp-server\n")
        .Add("/boot/grub/grub.cfg", DebianGrub)
        .Add("/etc/machine-id", "")
        .Directory("/var/lib/dhcp");

    /// <summary>The kernel line part of a Red Hat system with Boot Loader Specification entries.</summary>
    public static MemoryTree RedHat(string options = "$kernelopts $tuned_params") => new MemoryTree()
        .Add("/boot/grub2/grub.cfg", RedHatGrub)
        .Add("/boot/grub2/grubenv", "# GRUB Environment Block\nkernelopts=root=/dev/mapper/rootvg-rootlv ro console=tty1 console=ttyS0 earlyprintk=ttyS0 rootdelay=300 \nboot_success=0\n#######")
        .Add("/boot/loader/entries/f00-0-rescue.conf", "title Red Hat Enterprise Linux (0-rescue)\nlinux /vmlinuz-0-rescue\noptions root=/dev/mapper/rootvg-rootlv ro\n")
        .Add("/boot/loader/entries/f00-4.18.0-553.el8.x86_64.conf", $"title Red Hat Enterprise Linux (4.18.0-553.el8)\nversion 4.18.0-553.el8.x86_64\nlinux /vmlinuz-4.18.0-553\noptions {options}\n")
        .Add("/boot/loader/entries/f00-4.18.0-80.el8.x86_64.conf", "title Red Hat Enterprise Linux (4.18.0-80.el8)\nlinux /vmlinuz-4.18.0-80\noptions root=/dev/sda2 ro old\n");

    /// <summary>Checks one requirement against a tree.</summary>
    public static CheckResult Check<T>(this MemoryTree tree)
        where T : LinuxRequirement, new() => new T().CheckSystem("/images/os.vhd", new LinuxSystem(tree));

    /// <summary>The severities the observations have when both levels are asked for; empty for a pass.</summary>
    public static string Severities<T>(this MemoryTree tree)
        where T : LinuxRequirement, new()
    {
        T requirement = new();
        RequirementsLevel[] levels = [RequirementsLevel.Guide201510, RequirementsLevel.Current];
        return string.Join(' ', tree.Check<T>().Observations.Select(observation => levels.Max(level => SeverityPolicy.At(requirement, observation, level))));
    }
}
