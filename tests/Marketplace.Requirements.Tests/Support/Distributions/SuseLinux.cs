namespace Marketplace.Requirements.Tests.Support.Distributions;

/// <summary>SUSE Linux Enterprise Server and openSUSE as their images for Azure are made.</summary>
internal static class SuseLinux
{
    public const string KernelLine = "root=UUID=1f6c1c2e-0000-4000-8000-000000000001 ${extra_cmdline} USE_BY_UUID_DEVICE_NAMES=1 console=ttyS0 earlyprintk=ttyS0 rootdelay=300 net.ifnames=0 dis_ucode_ldr scsi_mod.use_blk_mq=1 multipath=off";

    private const string Release15 = "5.14.21-150500.33.63-azure";

    /// <summary>SLES 15 on XFS with wicked and cloud-netconfig.</summary>
    public static MemoryTree Enterprise15() => Common("NAME=\"SLES\"\nVERSION=\"15-SP5\"\nVERSION_ID=\"15.5\"\nPRETTY_NAME=\"SUSE Linux Enterprise Server 15 SP5\"\nID=\"sles\"\nID_LIKE=\"suse\"\nVARIANT_ID=\"sles-basic\"\n", "3.6", Release15, "sles", "SLES 15-SP5")
        .WithOpenSsl("/usr/lib64/libcrypto.so.1.1", "1.1.1l")
        .Add("/etc/fstab", "UUID=1f6c1c2e-0000-4000-8000-000000000001 / xfs defaults 0 0\nUUID=1234-ABCD /boot/efi vfat defaults 0 0\n")
        .WithWicked()
        .Add("/etc/ssh/sshd_config", "AuthorizedKeysFile\t.ssh/authorized_keys\nPasswordAuthentication no\nUsePAM yes\nX11Forwarding yes\nClientAliveInterval 180\nSubsystem\tsftp\t/usr/lib/ssh/sftp-server\nAcceptEnv LANG LC_CTYPE\n");

    /// <summary>openSUSE Tumbleweed on Btrfs with snapshots: NetworkManager, configuration below /usr/etc, kernels below /usr/lib/modules.</summary>
    public static MemoryTree Tumbleweed()
    {
        const string release = "6.11.0-1-default";
        MemoryTree tree = Common("NAME=\"openSUSE Tumbleweed\"\n# VERSION=\"20241001\"\nID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\nVERSION_ID=\"20241001\"\nPRETTY_NAME=\"openSUSE Tumbleweed\"\n", "3.11", release, "opensuse", "openSUSE Tumbleweed")
            .WithOpenSsl("/usr/lib64/libcrypto.so.3.1.7", "3.1.7")
            .Add("/etc/fstab", "UUID=1f6c1c2e-0000-4000-8000-000000000001 / btrfs defaults 0 0\nUUID=1f6c1c2e-0000-4000-8000-000000000001 /var btrfs subvol=/@/var 0 0\nUUID=1f6c1c2e-0000-4000-8000-000000000001 /boot/grub2/x86_64-efi btrfs subvol=/@/boot/grub2/x86_64-efi 0 0\nUUID=1f6c1c2e-0000-4000-8000-000000000001 /.snapshots btrfs subvol=/@/.snapshots 0 0\nUUID=1234-ABCD /boot/efi vfat utf8 0 2\n")
            .Add("/.snapshots/grub-snapshot.cfg", "if [ x$snapshot_found != xtrue ]; then\n  submenu \"Start bootloader from a read-only snapshot\" {\n    menuentry \"2024-10-01 (1,single)\" \"/.snapshots/1/snapshot\" {\n      set snapshot_boot_rootfs=\"$2\"\n      configfile \"/.snapshots/1/snapshot/boot/grub2/snapshot_submenu.cfg\"\n    }\n  }\nfi\n")
            .Add("/.snapshots/1/snapshot/root/.bash_history", "")
            .Remove("/etc/ssh/sshd_config").Remove("/etc/sudoers")
            .Add("/usr/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nInclude /usr/etc/ssh/sshd_config.d/*.conf\nAuthorizedKeysFile\t.ssh/authorized_keys\nUsePAM yes\nSubsystem sftp /usr/libexec/ssh/sftp-server\n")
            .Add("/usr/etc/ssh/sshd_config.d/40-suse-crypto-policies.conf", "Include /etc/crypto-policies/back-ends/opensshserver.config\n")
            .Add("/etc/ssh/sshd_config", "ClientAliveInterval 180\nInclude /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n")
            .Add("/usr/etc/sudoers", "Defaults always_set_home\n## In the default (unconfigured) configuration, sudo asks for the root password.\n# Defaults targetpw   # ask for the password of the target user i.e. root\nroot ALL=(ALL:ALL) ALL\n@includedir /usr/etc/sudoers.d\n@includedir /etc/sudoers.d\n")
            .Add("/usr/lib/systemd/system/NetworkManager.service", "[Service]\nExecStart=/usr/sbin/NetworkManager --no-daemon\n[Install]\nWantedBy=multi-user.target\nAlias=network.service\n")
            .Link("/etc/systemd/system/network.service", "/usr/lib/systemd/system/NetworkManager.service")
            .Link("/etc/systemd/system/multi-user.target.wants/NetworkManager.service", "/usr/lib/systemd/system/NetworkManager.service")
            .Add("/usr/sbin/NetworkManager", "\u007fELF", 0b111_101_101)
            .Add("/etc/NetworkManager/system-connections/eth0.nmconnection", "[connection]\nid=eth0\ntype=ethernet\ninterface-name=eth0\n\n[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\n", 0b110_000_000);
        return tree
            .Remove("/boot/vmlinuz-" + release).Remove("/boot/config-" + release)
            .Add($"/usr/lib/modules/{release}/vmlinuz", KernelTrees.Image(release + " (geeko@buildhost) #1 SMP PREEMPT_DYNAMIC"))
            .Add($"/usr/lib/modules/{release}/config", "CONFIG_HYPERV=m\nCONFIG_HYPERV_STORAGE=m\nCONFIG_HYPERV_NET=m\nCONFIG_HYPERV_UTILS=m\nCONFIG_UDF_FS=m\nCONFIG_VFAT_FS=m\nCONFIG_WATCHDOG=y\nCONFIG_CIFS=m\nCONFIG_INITRAMFS_SOURCE=\"\"\n")
            .Link("/boot/vmlinuz-" + release, $"../usr/lib/modules/{release}/vmlinuz")
            .Link("/boot/config-" + release, $"../usr/lib/modules/{release}/config");
    }

    private static MemoryTree WithWicked(this MemoryTree tree) => tree
        .Add("/usr/sbin/wicked", "\u007fELF", 0b111_101_101).Add("/usr/sbin/wickedd", "\u007fELF", 0b111_101_101)
        .Link("/usr/sbin/ifup", "wicked").Link("/usr/sbin/ifdown", "wicked")
        .Add("/usr/lib/systemd/system/wicked.service", "[Unit]\nDescription=wicked managed network interfaces\n[Service]\nExecStart=/usr/sbin/wicked --systemd ifup all\n[Install]\nWantedBy=multi-user.target\nAlso=wickedd.service\nAlias=network.service\n")
        .Link("/etc/systemd/system/network.service", "/usr/lib/systemd/system/wicked.service")
        .Link("/etc/systemd/system/multi-user.target.wants/wicked.service", "/usr/lib/systemd/system/wicked.service")
        .Add("/etc/sysconfig/network/ifcfg-eth0", "DEVICE='eth0'\nBOOTPROTO='dhcp'\nMTU=''\nREMOTE_IPADDR=''\nSTARTMODE='onboot'\nCLOUD_NETCONFIG_MANAGE='yes'\n")
        .Add("/etc/sysconfig/network/ifcfg-lo", "IPADDR=127.0.0.1/8\nNETMASK=255.0.0.0\nSTARTMODE=nfsroot\nBOOTPROTO=static\nUSERCONTROL=no\nFIREWALL=no\n")
        .Add("/etc/sysconfig/network/ifcfg.template", "BOOTPROTO=''\nIPADDR=''\n")
        .Add("/etc/sysconfig/network/dhcp", "## Type: yesno\n## Default: yes\n# Should the DHCP client set the hostname? (default \"yes\")\nDHCLIENT_SET_HOSTNAME=\"no\"\nWRITE_HOSTNAME_TO_HOSTS=\"no\"\n")
        .Link("/etc/resolv.conf", "/run/netconfig/resolv.conf");

    private static MemoryTree Common(string osRelease, string python, string release, string vendor, string title) => RpmSystem.Create(osRelease, python)
        .Add("/etc/sudoers", "Defaults always_set_home\nDefaults secure_path=\"/usr/sbin:/usr/bin:/sbin:/bin\"\nDefaults env_reset\n## In the default (unconfigured) configuration, sudo asks for the root password.\n# Defaults targetpw   # ask for the password of the target user i.e. root\n# ALL   ALL=(ALL) ALL   # WARNING! Only use this together with 'Defaults targetpw'!\nroot ALL=(ALL) ALL\n@includedir /etc/sudoers.d\n", 0b100_100_000)
        .Remove("/etc/waagent.conf")
        .Link("/etc/waagent.conf", "/etc/waagent.conf.server")
        .Add("/etc/waagent.conf.server", RpmSystem.AgentConfiguration
            .Replace("Provisioning.Agent=auto", "Provisioning.Agent=cloud-init", StringComparison.Ordinal)
            .Replace("KeyPairType=rsa", "KeyPairType=auto", StringComparison.Ordinal))
        .Add("/boot/grub2/grub.cfg", Menu(release, title))
        .Add("/boot/grub2/grubenv", "# GRUB Environment Block\n####")
        .Add($"/boot/efi/EFI/{vendor}/grub.cfg", "set btrfs_relative_path=\"yes\"\nsearch --fs-uuid --set=root 1f6c1c2e-0000-4000-8000-000000000001\nset prefix=(${root})/boot/grub2\nsource \"${prefix}/grub.cfg\"\n")
        .Add("/boot/efi/EFI/BOOT/grub.cfg", "set btrfs_relative_path=\"yes\"\nsearch --fs-uuid --set=root 1f6c1c2e-0000-4000-8000-000000000001\nset prefix=(${root})/boot/grub2\nsource \"${prefix}/grub.cfg\"\n")
        .Link("/boot/vmlinuz", "vmlinuz-" + release).Link("/boot/initrd", "initrd-" + release)
        .WithKernel(release, "initrd-" + release, ".zst")
        .Add("/etc/default/grub", "GRUB_DISTRIBUTOR=\nGRUB_DEFAULT=saved\nGRUB_TIMEOUT=1\nGRUB_CMDLINE_LINUX_DEFAULT=\"console=ttyS0 earlyprintk=ttyS0 rootdelay=300\"\nGRUB_TERMINAL=\"serial\"\n")
        .Add("/etc/cloud/cloud.cfg", "users:\n  - default\ndisable_root: true\nssh_pwauth: false\nssh_deletekeys: true\npreserve_hostname: false\nsyslog_fix_perms: root:root\nnetwork:\n  config: disabled\n# Example datasource config\n# datasource:\n#   Ec2:\ncloud_init_modules:\n - migrator\n - bootcmd\n - write-files\n - growpart\n - resizefs\n - disk_setup\n - mounts\n - set_hostname\n - users-groups\n - ssh\ncloud_config_modules:\n - set-passwords\n - runcmd\ncloud_final_modules:\n - scripts-user\n - final-message\nsystem_info:\n  distro: sles\n  default_user:\n    name: sles\n    lock_passwd: True\n    gecos: SUSE Cloud User\n    groups: [cdrom, users]\n    sudo: [\"ALL=(ALL) NOPASSWD:ALL\"]\n    shell: /bin/bash\n")
        .Add("/etc/cloud/cloud.cfg.d/90_azure.cfg", "datasource_list: [ Azure ]\ndatasource:\n  Azure:\n    agent_command: [service, waagent, start]\n")
        .Add("/etc/modprobe.d/10-unsupported-modules.conf", "allow_unsupported_modules 1\n")
        .Add("/usr/lib/modprobe.d/00-system.conf", "alias net-pf-10 ipv6\nalias char-major-10-200 tun\n")
        .Add("/usr/lib/modprobe.d/60-blacklist_fs-erofs.conf", "# The erofs file system is blacklisted by default.\nblacklist erofs\ninstall erofs /usr/lib/module-init-tools/unblacklist erofs; /sbin/modprobe --ignore-install erofs\n")
        .Add("/usr/lib/modprobe.d/50-blacklist-rndis.conf", "blacklist rndis_host\nblacklist rndis_wlan\n")
        .Add("/usr/lib/systemd/system-preset/95-default-SUSE.preset", "enable sshd.service\nenable wicked.service\ndisable *\n")
        .Add("/usr/lib/udev/rules.d/61-cloud-netconfig-hotplug.rules", "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"hv_netvsc\", RUN+=\"/usr/libexec/cloud-netconfig/cloud-netconfig-hotplug\"\n")
        .Link("/etc/udev/rules.d/75-persistent-net-generator.rules", "/dev/null");

    private static string Menu(string release, string title) => $$"""
        set btrfs_relative_path="y"
        export btrfs_relative_path
        if [ -f ${config_directory}/grubenv ]; then
          load_env -f ${config_directory}/grubenv
        elif [ -s $prefix/grubenv ]; then
          load_env
        fi
        if [ "${env_block}" ] ; then
          set env_block="(${root})${env_block}"
          export env_block
          load_env -f "${env_block}"
        fi
        if [ "${next_entry}" ] ; then
           set default="${next_entry}"
           set next_entry=
           save_env next_entry
           if [ "${env_block}" ] ; then
             save_env -f "${env_block}" next_entry
           fi
           set boot_once=true
        else
           set default="${saved_entry}"
        fi
        if [ x"${feature_menuentry_id}" = xy ]; then
          menuentry_id_option="--id"
        else
          menuentry_id_option=""
        fi
        export menuentry_id_option
        serial --unit=0 --speed=115200 --word=8 --parity=no --stop=1
        terminal_input serial
        if [ x$feature_timeout_style = xy ] ; then
          set timeout_style=menu
          set timeout=1
        else
          set timeout=1
        fi
        if [ -n "$extra_cmdline" ]; then
          submenu "Bootable snapshot #$snapshot_num" {
            menuentry "If OK, run 'snapper rollback' and reboot." {
              true
            }
          }
        fi
        menuentry '{{title}}'  --class sles --class gnu-linux --class gnu --class os $menuentry_id_option 'gnulinux-simple-1f6c1c2e' {
        	load_video
        	set gfxpayload=keep
        	insmod gzio
        	insmod part_gpt
        	insmod btrfs
        	search --no-floppy --fs-uuid --set=root 1f6c1c2e-0000-4000-8000-000000000001
        	echo	'Loading Linux {{release}} ...'
        	linux	/boot/vmlinuz-{{release}} {{KernelLine}}
        	echo	'Loading initial ramdisk ...'
        	initrd	/boot/initrd-{{release}}
        }
        submenu 'Advanced options for {{title}}' --hotkey=1 $menuentry_id_option 'gnulinux-advanced-1f6c1c2e' {
        	menuentry '{{title}}, with Linux {{release}} (recovery mode)' --hotkey=3 --class sles $menuentry_id_option 'gnulinux-recovery' {
        		linux	/boot/vmlinuz-{{release}} root=UUID=1f6c1c2e-0000-4000-8000-000000000001 single
        		initrd	/boot/initrd-{{release}}
        	}
        }
        if [ -f "/.snapshots/grub-snapshot.cfg" ]; then
          source "/.snapshots/grub-snapshot.cfg"
        fi
        if [ -f  ${config_directory}/custom.cfg ]; then
          source ${config_directory}/custom.cfg
        elif [ -z "${config_directory}" -a -f  $prefix/custom.cfg ]; then
          source $prefix/custom.cfg
        fi
        """;
}
