namespace Marketplace.Requirements.Tests.Support.Distributions;

/// <summary>CBL-Mariner 2 and Azure Linux 3 by the configurations of their images, with the kernel parameters of the guide.</summary>
internal static class AzureLinux
{
    private const string Parameters = "console=tty0 console=ttyS0 earlyprintk=ttyS0 rootdelay=300";

    /// <summary>The rules the package iptables brings.</summary>
    public const string ShippedRules = "# init\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n#block null packets\n-A INPUT -p tcp --tcp-flags ALL NONE -j DROP\n#block syn attack\n-A INPUT -p tcp ! --syn -m state --state NEW -j DROP\n#block XMAS packets\n-A INPUT -p tcp --tcp-flags ALL ALL -j DROP\nCOMMIT\n";

    /// <summary>CBL-Mariner 2: the kernel is named by the environment file mariner.cfg.</summary>
    public static MemoryTree Mariner2()
    {
        const string release = "5.15.153.1-2.cm2";
        return Common("NAME=\"Common Base Linux Mariner\"\nVERSION=\"2.0.20240425\"\nID=mariner\nVERSION_ID=\"2.0\"\nPRETTY_NAME=\"CBL-Mariner/Linux\"\n", "3.9", release, "initrd.img-" + release)
            .WithOpenSsl("/usr/lib/libcrypto.so.1.1", "1.1.1k")
            .Link("/boot/mariner.cfg", $"linux-{release}.cfg")
            .Add($"/boot/linux-{release}.cfg", $"# GRUB Environment Block\nmariner_cmdline=init=/lib/systemd/systemd ro loglevel=3 no-vmw-sta crashkernel=256M\nmariner_linux=vmlinuz-{release}\nmariner_initrd=initrd.img-{release}\n")
            .Add("/boot/systemd.cfg", "# GRUB Environment Block\nsystemd_cmdline=net.ifnames=0\n")
            .Add("/boot/grub2/grubenv", "# GRUB Environment Block\n####")
            .Add("/boot/grub2/grub.cfg", $$"""
                set timeout=0
                set bootprefix=/
                search -n -u 6a1d0000-0000-4000-8000-000000000001 -s

                load_env -f $bootprefix/mariner.cfg
                if [ -f  $bootprefix/systemd.cfg ]; then
                	load_env -f $bootprefix/systemd.cfg
                else
                	set systemd_cmdline=net.ifnames=0
                fi
                if [ -f $bootprefix/grub2/grubenv ]; then
                	load_env -f $bootprefix/grub2/grubenv
                fi

                set rootdevice=PARTUUID=6a1d0000-0000-4000-8000-000000000002

                menuentry "CBL-Mariner" {
                	linux $bootprefix/$mariner_linux  rd.auto=1 root=$rootdevice $mariner_cmdline lockdown=integrity sysctl.kernel.unprivileged_bpf_disabled=1 $systemd_cmdline {{Parameters}} $kernelopts
                	if [ -f $bootprefix/$mariner_initrd ]; then
                		initrd $bootprefix/$mariner_initrd
                	fi
                }
                """);
    }

    /// <summary>Azure Linux 3: a menu as grub2-mkconfig makes it.</summary>
    public static MemoryTree AzureLinux3()
    {
        const string release = "6.6.51.1-5.azl3";
        return Common("NAME=\"Microsoft Azure Linux\"\nVERSION=\"3.0.20240824\"\nID=azurelinux\nVERSION_ID=\"3.0\"\nPRETTY_NAME=\"Microsoft Azure Linux 3.0\"\n", "3.12", release, $"initramfs-{release}.img")
            .WithOpenSsl("/usr/lib/libcrypto.so.3", "3.3.0")
            .Add("/etc/default/grub", $"GRUB_TIMEOUT=0\nGRUB_DISTRIBUTOR=\"AzureLinux\"\nGRUB_DISABLE_SUBMENU=y\nGRUB_TERMINAL_OUTPUT=\"console\"\nGRUB_CMDLINE_LINUX=\"rd.auto=1 net.ifnames=0 lockdown=integrity \"\nGRUB_CMDLINE_LINUX_DEFAULT=\"{Parameters} \\$kernelopts\"\n")
            .Add("/boot/grub2/grubenv", "# GRUB Environment Block\n####")
            .Add("/boot/grub2/grub.cfg", $$"""
                if [ -s $prefix/grubenv ]; then
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
                menuentry 'AzureLinux GNU/Linux, with Linux {{release}}' --class azurelinux --class gnu-linux --class gnu --class os $menuentry_id_option 'gnulinux-{{release}}-advanced-6a1d' {
                	load_video
                	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
                	insmod part_gpt
                	insmod ext2
                	search --no-floppy --fs-uuid --set=root 6a1d0000-0000-4000-8000-000000000001
                	echo	'Loading Linux {{release}} ...'
                	linux	/vmlinuz-{{release}} root=UUID=6a1d0000-0000-4000-8000-000000000002 ro rd.auto=1 net.ifnames=0 lockdown=integrity  {{Parameters}} $kernelopts
                	echo	'Loading initial ramdisk ...'
                	initrd	/initramfs-{{release}}.img
                }
                """);
    }

    private static MemoryTree Common(string osRelease, string python, string release, string initialRamDisk) => RpmSystem.Create(osRelease, python)
        .Add("/etc/fstab", "PARTUUID=6a1d0000-0000-4000-8000-000000000002 / ext4 defaults 0 1\nPARTUUID=6a1d0000-0000-4000-8000-000000000001 /boot ext4 defaults 0 2\nPARTUUID=6a1d0000-0000-4000-8000-000000000000 /boot/efi vfat umask=0077 0 2\n")
        .Add("/etc/hostname", "azurelinux\n")
        .Add("/etc/machine-id", "uninitialized\n")
        .Add("/boot/efi/EFI/BOOT/bootx64.efi", "MZ").Add("/boot/efi/EFI/BOOT/grubx64.efi", "MZ")
        .Add("/boot/efi/boot/grub2/grub.cfg", "search -n -u 6a1d0000-0000-4000-8000-000000000001 -s\nset bootprefix=/\nset prefix=($root)'/grub2'\nconfigfile $prefix/grub.cfg\n")
        .WithKernel(release, initialRamDisk, "", "hv_", "vfat")
        .Add("/etc/cloud/cloud.cfg", "users:\n   - default\n   - name: root\n     lock_passwd: false\n\ndisable_root: true\ndisable_vmware_customization: true\npreserve_hostname: false\n\n# datasources to check for cloud-config\ndatasource_list: [ \n                  Azure,\n                  NoCloud,\n                  None\n                 ]\n\ncloud_init_modules:\n - bootcmd\n - growpart\n - resizefs\n - disk_setup\n - mounts\n - set_hostname\n - users-groups\n - ssh\n\ncloud_config_modules:\n - set-passwords\n - runcmd\n\ncloud_final_modules:\n - package-update-upgrade-install\n - scripts-user\n - final-message\n\nsystem_info:\n   distro: azurelinux\n   default_user:\n     name: azurelinux\n     lock_passwd: true\n     gecos: Azure Linux\n     groups: [sudo, docker]\n     sudo: [\"ALL=(ALL) NOPASSWD:ALL\"]\n     shell: /bin/bash\n   ntp_client: auto\n   paths:\n      cloud_dir: /var/lib/cloud/\n      templates_dir: /etc/cloud/templates/\n\n   ssh_svcname: sshd\n")
        .Add("/etc/waagent.conf", RpmSystem.AgentConfiguration + "Provisioning.Enabled=n\nAutoUpdate.Enabled=y\nAutoUpdate.GAFamily=Prod\n")
        .Add("/etc/ssh/sshd_config", "AuthorizedKeysFile\t.ssh/authorized_keys\nAllowTcpForwarding no\nClientAliveInterval 180\nClientAliveCountMax 0\nPermitRootLogin no\nUsePAM yes\nSubsystem sftp /usr/libexec/sftp-server\n")
        .Add("/usr/lib/systemd/system/sshd-keygen.service", "[Unit]\nConditionPathExists=|!/etc/ssh/ssh_host_rsa_key\n[Service]\nExecStart=/usr/bin/ssh-keygen -A\nType=oneshot\n[Install]\nWantedBy=multi-user.target\n")
        .Add("/usr/lib/systemd/system/iptables.service", "[Unit]\nDescription=Iptables\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/etc/systemd/scripts/iptables\nExecStop=/etc/systemd/scripts/iptables.stop\n[Install]\nWantedBy=basic.target\n")
        .Link("/etc/systemd/system/basic.target.wants/iptables.service", "/usr/lib/systemd/system/iptables.service")
        .Add("/etc/systemd/scripts/iptables", "#!/bin/sh\niptables -P INPUT   DROP\niptables-restore < /etc/systemd/scripts/ip4save\nip6tables-restore < /etc/systemd/scripts/ip6save\n", 0b111_101_101)
        .Add("/etc/systemd/scripts/ip4save", ShippedRules).Add("/etc/systemd/scripts/ip6save", "# init\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n")
        .Add("/usr/lib/systemd/system/systemd-networkd.service", "[Service]\nExecStart=/usr/lib/systemd/systemd-networkd\n[Install]\nWantedBy=multi-user.target\n")
        .Link("/etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "/usr/lib/systemd/system/systemd-networkd.service")
        .Add("/etc/systemd/network/99-dhcp-en.network", "[Match]\nName=e*\n\n[Network]\nDHCP=yes\nIPv6AcceptRA=no\n")
        .Add("/usr/lib/systemd/network/80-container-host0.network", "[Match]\nKind=veth\nName=host0\nVirtualization=container\n\n[Network]\nDHCP=yes\n")
        .Add("/usr/lib/systemd/network/80-container-ve.network", "[Match]\nKind=veth\nName=ve-*\n\n[Network]\nAddress=0.0.0.0/28\n")
        .Link("/etc/resolv.conf", "../run/systemd/resolve/resolv.conf")
        .Add("/usr/lib/systemd/system-preset/90-systemd.preset", "enable systemd-networkd.service\nenable systemd-resolved.service\n").Add("/usr/lib/systemd/system-preset/99-default-disable.preset", "disable *\n")
        .Add("/usr/lib/systemd/system-preset/50-waagent.preset", "enable waagent.service\n");
}
