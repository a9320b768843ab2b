namespace Marketplace.Requirements.Tests.Support.Distributions;

/// <summary>Red Hat Enterprise Linux and its kin as their images for Azure are made.</summary>
internal static class EnterpriseLinux
{
    public const string KernelLine = "ro console=tty1 console=ttyS0 earlyprintk=ttyS0 rootdelay=300 scsi_mod.use_blk_mq=y crashkernel=auto";

    private const string Release8 = "4.18.0-553.16.1.el8_10.x86_64";

    // What grub2-mkconfig writes there since 9.3: a stub that leads to the menu below /boot.
    private const string Stub = "search --no-floppy --root-dev-only --fs-uuid --set=dev 8d5e1c1c-7d7d-4f6a-9d5c-000000000001\nset prefix=($dev)/grub2\nexport $prefix\nconfigfile $prefix/grub.cfg\n";

    /// <summary>RHEL 8: kernelopts in the environment block, network scripts, platform-python, RHUI.</summary>
    public static MemoryTree RedHat8() => Common(RpmSystem.Create("NAME=\"Red Hat Enterprise Linux\"\nVERSION=\"8.10 (Ootpa)\"\nID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"8.10\"\nPLATFORM_ID=\"platform:el8\"\nPRETTY_NAME=\"Red Hat Enterprise Linux 8.10 (Ootpa)\"\n", "3.6"))
        .Remove("/usr/bin/python3").Remove("/usr/bin/python3.6")
        .Add("/usr/libexec/platform-python3.6", "\u007fELF", 0b111_101_101).Link("/usr/libexec/platform-python", "platform-python3.6")
        .Add("/usr/sbin/waagent", "#!/usr/libexec/platform-python\n", 0b111_101_101)
        .WithOpenSsl("/usr/lib64/libcrypto.so.1.1", "1.1.1k")
        .Add("/etc/redhat-release", "Red Hat Enterprise Linux release 8.10 (Ootpa)\n")
        .Add("/boot/grub2/grub.cfg", LinuxTrees.RedHatGrub)
        .Add("/boot/efi/EFI/redhat/grub.cfg", LinuxTrees.RedHatGrub)
        .Link("/boot/grub2/grubenv", "../efi/EFI/redhat/grubenv")
        .Add("/boot/efi/EFI/redhat/grubenv", $"# GRUB Environment Block\nsaved_entry=f00-{Release8}\nkernelopts=root=/dev/mapper/rootvg-rootlv {KernelLine} \nboot_success=0\nboot_indeterminate=0\n######")
        .Add($"/boot/loader/entries/f00-{Release8}.conf", Entry(Release8, "$kernelopts $tuned_params", " $tuned_initrd"))
        .Add("/boot/loader/entries/f00-0-rescue.conf", "title Red Hat Enterprise Linux (0-rescue-f00)\nversion 0-rescue-f00\nlinux /vmlinuz-0-rescue-f00\ninitrd /initramfs-0-rescue-f00.img\noptions $kernelopts\n")
        .WithKernel(Release8, $"initramfs-{Release8}.img", ".xz")
        .Add("/etc/sysconfig/network-scripts/ifcfg-eth0", "DEVICE=eth0\nONBOOT=yes\nBOOTPROTO=dhcp\nTYPE=Ethernet\nUSERCTL=no\nPEERDNS=yes\nIPV6INIT=no\nPERSISTENT_DHCLIENT=yes\nNM_CONTROLLED=yes\n")
        .Add("/etc/sysconfig/network-scripts/ifdown-eth", "#!/bin/bash\n")
        .Add("/etc/sysconfig/sshd", "# Configuration file for the sshd service.\n# CRYPTO_POLICY=\n")
        .Add("/usr/lib/systemd/system/sshd.service", "[Service]\nEnvironmentFile=-/etc/crypto-policies/back-ends/opensshserver.config\nEnvironmentFile=-/etc/sysconfig/sshd\nExecStart=/usr/sbin/sshd -D $OPTIONS $CRYPTO_POLICY\n[Install]\nWantedBy=multi-user.target\n")
        .Add("/usr/share/crypto-policies/DEFAULT/opensshserver.txt", "CRYPTO_POLICY='-oCiphers=aes256-gcm@openssh.com,chacha20-poly1305@openssh.com -oMACs=hmac-sha2-256-etm@openssh.com -oGSSAPIKeyExchange=no'\n")
        .Link("/etc/crypto-policies/back-ends/opensshserver.config", "/usr/share/crypto-policies/DEFAULT/opensshserver.txt")
        .Add("/etc/ssh/sshd_config", "HostKey /etc/ssh/ssh_host_rsa_key\nHostKey /etc/ssh/ssh_host_ecdsa_key\nHostKey /etc/ssh/ssh_host_ed25519_key\nSyslogFacility AUTHPRIV\nPermitRootLogin no\nAuthorizedKeysFile\t.ssh/authorized_keys\nPasswordAuthentication no\nChallengeResponseAuthentication no\nGSSAPIAuthentication yes\nUsePAM yes\nX11Forwarding yes\nPrintMotd no\nAcceptEnv LANG LC_CTYPE\nSubsystem\tsftp\t/usr/libexec/openssh/sftp-server\nClientAliveInterval 180\n")
        .Add("/etc/pki/rhui/key-rhel8.pem", "-----BEGIN RSA PRIVATE KEY-----\nof the update service, the same for everyone\n");

    /// <summary>RHEL 9: the kernel line in the entries, keyfiles, sshd drop-ins.</summary>
    public static MemoryTree RedHat9() => Newer("NAME=\"Red Hat Enterprise Linux\"\nVERSION=\"9.4 (Plow)\"\nID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"9.4\"\nPRETTY_NAME=\"Red Hat Enterprise Linux 9.4 (Plow)\"\n", "3.9", "5.14.0-427.13.1.el9_4.x86_64", "redhat", "3.0.7")
        .Add("/etc/ssh/sshd_config.d/50-redhat.conf", "# This system is following system-wide crypto policy.\nInclude /etc/crypto-policies/back-ends/opensshserver.config\nSyslogFacility AUTHPRIV\nChallengeResponseAuthentication no\nGSSAPIAuthentication yes\nUsePAM yes\nX11Forwarding yes\nPrintMotd no\n")
        .Add("/etc/pki/rhui/key-rhel9.pem", "-----BEGIN RSA PRIVATE KEY-----\nof the update service, the same for everyone\n");

    /// <summary>RHEL 10: no network scripts at all, sshd-keygen, no platform-python.</summary>
    public static MemoryTree RedHat10() => Newer("NAME=\"Red Hat Enterprise Linux\"\nVERSION=\"10.0 (Coughlan)\"\nID=\"rhel\"\nID_LIKE=\"centos fedora\"\nVERSION_ID=\"10.0\"\nPRETTY_NAME=\"Red Hat Enterprise Linux 10.0 (Coughlan)\"\n", "3.12", "6.12.0-55.9.1.el10_0.x86_64", "redhat", "3.2.2")
        .Remove("/etc/sysconfig/network-scripts")
        .Add("/etc/ssh/sshd_config.d/40-redhat-crypto-policies.conf", "Include /etc/crypto-policies/back-ends/opensshserver.config\n")
        .Add("/etc/ssh/sshd_config.d/50-redhat.conf", "ChallengeResponseAuthentication no\nGSSAPIAuthentication yes\nUsePAM yes\n");

    /// <summary>AlmaLinux 9 by the scripts of its image for Azure.</summary>
    public static MemoryTree Alma9() => Newer("NAME=\"AlmaLinux\"\nVERSION=\"9.4 (Seafoam Ocelot)\"\nID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.4\"\nPRETTY_NAME=\"AlmaLinux 9.4 (Seafoam Ocelot)\"\n", "3.9", "5.14.0-427.13.1.el9_4.x86_64", "almalinux", "3.0.7")
        .Add("/etc/modprobe.d/blacklist.conf", "blacklist nouveau\noptions nouveau modeset=0\nblacklist lbm-nouveau\nblacklist floppy\n")
        .Add("/etc/sysconfig/network-scripts/ifcfg-eth0", "DEVICE=eth0\nONBOOT=yes\nBOOTPROTO=dhcp\nTYPE=Ethernet\nUSERCTL=no\nPEERDNS=yes\nIPV6INIT=no\nPERSISTENT_DHCLIENT=yes\nNM_CONTROLLED=yes\n")
        .Add("/etc/udev/rules.d/99-azure-hyperv-ptp.rules", "SUBSYSTEM==\"ptp\", ATTR{clock_name}==\"hyperv\", SYMLINK += \"ptp_hyperv\"\n");

    /// <summary>Rocky Linux 9 by its kickstart for Azure: no firewalld, an emptied resolv.conf.</summary>
    public static MemoryTree Rocky9() => Newer("NAME=\"Rocky Linux\"\nVERSION=\"9.4 (Blue Onyx)\"\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.4\"\nPRETTY_NAME=\"Rocky Linux 9.4 (Blue Onyx)\"\n", "3.9", "5.14.0-427.13.1.el9_4.x86_64", "rocky", "3.0.7")
        .Remove("/etc/systemd/system/multi-user.target.wants/firewalld.service").Remove("/usr/lib/systemd/system/firewalld.service").Remove("/usr/sbin/firewalld")
        .Add("/etc/resolv.conf", "")
        .Add("/etc/cloud/cloud.cfg.d/10-azure-kvp.cfg", "# Enable logging to the Hyper-V kvp in Azure\nreporting:\n  logging:\n    type: log\n  telemetry:\n    type: hyperv\n")
        .Add("/etc/modprobe.d/azure-blacklist.conf", "blacklist amdgpu\nblacklist nouveau\nblacklist radeon\n")
        .Add("/etc/sudoers", "Defaults   !visiblepw\nroot\tALL=(ALL) \tALL\n#includedir /etc/sudoers.d\nrocky\tALL=(ALL)\tNOPASSWD: ALL\n");

    /// <summary>Oracle Linux 8 with the Unbreakable Enterprise Kernel.</summary>
    public static MemoryTree Oracle8()
    {
        const string release = "5.15.0-209.161.7.2.el8uek.x86_64";
        return Newer("NAME=\"Oracle Linux Server\"\nVERSION=\"8.10\"\nID=\"ol\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"8.10\"\nPRETTY_NAME=\"Oracle Linux Server 8.10\"\n", "3.6", release, "redhat", "1.1.1k")
            .Add("/etc/oracle-release", "Oracle Linux Server release 8.10\n")
            .Add("/etc/sysconfig/kernel", "UPDATEDEFAULT=yes\nDEFAULTKERNEL=kernel-uek-core\n");
    }

    private static MemoryTree Newer(string osRelease, string python, string release, string vendor, string openSsl) => Common(RpmSystem.Create(osRelease, python))
        .WithOpenSsl(openSsl.StartsWith('3') ? "/usr/lib64/libcrypto.so.3" : "/usr/lib64/libcrypto.so.1.1", openSsl)
        .Add("/etc/redhat-release", "release\n")
        .Add("/boot/grub2/grub.cfg", LinuxTrees.RedHatGrub)
        .Add($"/boot/efi/EFI/{vendor}/grub.cfg", Stub)
        .Add($"/boot/efi/EFI/{vendor}/BOOTX64.CSV", "shimx64.efi,Linux,,This is the boot entry\n")
        .Add("/boot/efi/EFI/BOOT/BOOTX64.EFI", "MZ").Add("/boot/efi/EFI/BOOT/fbx64.efi", "MZ")
        .Add("/boot/grub2/grubenv", $"# GRUB Environment Block\nsaved_entry=f00-{release}\nboot_success=0\n#####")
        .Add($"/boot/loader/entries/f00-{release}.conf", Entry(release, $"root=/dev/mapper/rootvg-rootlv {KernelLine}", " $tuned_initrd"))
        .WithKernel(release, $"initramfs-{release}.img", ".xz")
        .Add("/etc/sysconfig/network-scripts/readme-ifcfg-rh.txt", "NetworkManager stores new network profiles in keyfile format\n")
        .Add("/etc/ssh/sshd_config", "# To modify the system-wide sshd configuration, create a  *.conf  file under\n#  /etc/ssh/sshd_config.d/  which will be automatically included below\nInclude /etc/ssh/sshd_config.d/*.conf\nAuthorizedKeysFile\t.ssh/authorized_keys\n#ClientAliveInterval 0\nSubsystem\tsftp\t/usr/libexec/openssh/sftp-server\nClientAliveInterval 180\n")
        .Add("/etc/ssh/sshd_config.d/50-cloud-init.conf", "PasswordAuthentication no\n")
        .Add("/usr/share/crypto-policies/DEFAULT/opensshserver.txt", "Ciphers aes256-gcm@openssh.com\nMACs hmac-sha2-256-etm@openssh.com\n")
        .Link("/etc/crypto-policies/back-ends/opensshserver.config", "/usr/share/crypto-policies/DEFAULT/opensshserver.txt");

    private static MemoryTree Common(MemoryTree tree) => tree
        .Add("/etc/fstab", "/dev/mapper/rootvg-rootlv / xfs defaults 0 0\nUUID=8d5e1c1c-7d7d-4f6a-9d5c-000000000001 /boot xfs defaults 0 0\nUUID=4B5C-12DA /boot/efi vfat defaults,uid=0,gid=0,umask=077,shortname=winnt 0 2\n")
        .Add("/etc/default/grub", $"GRUB_TIMEOUT=10\nGRUB_DEFAULT=saved\nGRUB_DISABLE_SUBMENU=true\nGRUB_TERMINAL=\"serial console\"\nGRUB_CMDLINE_LINUX=\"{KernelLine}\"\nGRUB_ENABLE_BLSCFG=true\n")
        .Add("/etc/sysconfig/network", "NETWORKING=yes\nNOZEROCONF=yes\n")
        .Add("/etc/resolv.conf", "# Generated by NetworkManager\n")
        .Add("/usr/sbin/NetworkManager", "\u007fELF", 0b111_101_101)
        .Add("/usr/lib/systemd/system/NetworkManager.service", "[Service]\nExecStart=/usr/sbin/NetworkManager --no-daemon\n[Install]\nWantedBy=multi-user.target\n")
        .Link("/etc/systemd/system/multi-user.target.wants/NetworkManager.service", "/usr/lib/systemd/system/NetworkManager.service")
        .Add("/usr/sbin/firewalld", "#!/usr/libexec/platform-python -s\n", 0b111_101_101)
        .Add("/usr/lib/systemd/system/firewalld.service", "[Service]\nExecStart=/usr/sbin/firewalld --nofork --nopid\n[Install]\nWantedBy=multi-user.target\n")
        .Link("/etc/systemd/system/multi-user.target.wants/firewalld.service", "/usr/lib/systemd/system/firewalld.service")
        .Add("/usr/lib/systemd/system-preset/90-default.preset", "enable sshd.*\nenable firewalld.service\nenable NetworkManager.service\n")
        .Add("/usr/lib/systemd/system-preset/99-default-disable.preset", "disable *\n")
        .Add("/usr/sbin/nft", "\u007fELF", 0b111_101_101)
        .Add("/etc/sysconfig/nftables.conf", "# Uncomment the include statement here to load the default config sample\n#include \"/etc/nftables/main.nft\"\n")
        .Add("/etc/modprobe.d/blacklist-amdgpu.conf", "blacklist amdgpu\n").Add("/etc/modprobe.d/blacklist-nouveau.conf", "blacklist nouveau\noptions nouveau modeset=0\n")
        .Add("/etc/modprobe.d/blacklist-floppy.conf", "blacklist floppy\n").Add("/etc/modprobe.d/blacklist-skylake-edac.conf", "blacklist skx_edac\n").Add("/etc/modprobe.d/blacklist-intel-cstate.conf", "blacklist intel_cstate\n")
        .Add("/usr/lib/modprobe.d/dist-blacklist.conf", "# watchdog drivers\nblacklist i8xx_tco\n# framebuffer drivers\nblacklist aty128fb\n")
        .Add("/etc/udev/rules.d/68-azure-sriov-nm-unmanaged.rules", "# Accelerated Networking on Azure exposes a new SRIOV interface to the VM.\nSUBSYSTEM==\"net\", DRIVERS==\"hv_pci\", ACTION==\"add\", ENV{NM_UNMANAGED}=\"1\"\n")
        .Add("/etc/cloud/cloud.cfg", "users:\n - default\n\ndisable_root: 1\nssh_pwauth:   0\nmount_default_fields: [~, ~, 'auto', 'defaults,nofail,x-systemd.requires=cloud-init.service', '0', '2']\nresize_rootfs_tmp: /dev\nssh_deletekeys:   1\nssh_genkeytypes:  ['rsa', 'ecdsa', 'ed25519']\nsyslog_fix_perms: ~\ndisable_vmware_customization: false\n\ncloud_init_modules:\n - disk_setup\n - migrator\n - bootcmd\n - write-files\n - growpart\n - resizefs\n - set_hostname\n - update_hostname\n - update_etc_hosts\n - rsyslog\n - users-groups\n - ssh\n\ncloud_config_modules:\n - mounts\n - locale\n - set-passwords\n - runcmd\n\ncloud_final_modules:\n - scripts-user\n - final-message\n\nsystem_info:\n  default_user:\n    name: cloud-user\n    lock_passwd: true\n    gecos: Cloud User\n    groups: [adm, systemd-journal]\n    sudo: [\"ALL=(ALL) NOPASSWD:ALL\"]\n    shell: /bin/bash\n  distro: rhel\n  paths:\n    cloud_dir: /var/lib/cloud\n    templates_dir: /etc/cloud/templates\n  ssh_svcname: sshd\n\n# vim:syntax=yaml\n")
        .Add("/etc/cloud/cloud.cfg.d/91-azure_datasource.cfg", "datasource_list: [ Azure ]\ndatasource:\n  Azure:\n    apply_network_config: False\n")
        .Add("/etc/cloud/cloud.cfg.d/05_logging.cfg", "## This yaml formated config file handles setting\n_log:\n - &log_base |\n   [loggers]\n   keys=root,cloudinitd\n\n   [handlers]\n   keys=consoleHandler,cloudLogHandler\n - &log_file |\n   [handler_cloudLogHandler]\n   class=FileHandler\n   level=DEBUG\n   args=('/var/log/cloud-init.log',)\n\nlog_cfgs:\n# Array entries in this list will be joined into a string\n - [ *log_base, *log_file ]\n - [ *log_base ]\noutput: {all: '| tee -a /var/log/cloud-init-output.log'}\n")
        .Add("/etc/yum.repos.d/rh-cloud.repo", "[rhui-microsoft-azure-rhel]\nname=Microsoft Azure RPMs\nenabled=1\n")
        .Add("/var/log/dnf.log", "");

    private static string Entry(string release, string options, string more) =>
        $"title Red Hat Enterprise Linux ({release})\nversion {release}\nlinux /vmlinuz-{release}\ninitrd /initramfs-{release}.img{more}\noptions {options}\ngrub_users $grub_users\ngrub_arg --unrestricted\ngrub_class kernel\n";
}
