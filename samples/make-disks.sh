#!/usr/bin/env bash
# Makes the disks of the samples from a Debian 12 system: make-disks.sh [WORK_DIRECTORY]
#
# Runs as root on Debian with: debootstrap e2fsprogs dosfstools gdisk mtools rsync qemu-utils python3.
# 1. debootstrap and apt install a system below WORK_DIRECTORY/root (kept, so that a second run is quick);
# 2. the system is copied to a staging disk, prepared as section 2 of the guide asks, and gets its boot loader;
# 3. a selection of its files is copied to a fresh disk with the same layout and identifiers;
# 4. qemu-img makes the VHDs, pack-sparse.py the compact forms that are committed.
# Identifiers and modification times are fixed; what still differs between two runs are the packages of the day
# and the times that the kernel writes itself (inode change times, superblock).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(realpath -m "${1:-/var/tmp/appliance-disks}")
root=$work/root
# shellcheck source=disk-tools.sh
. "$here/disk-tools.sh"

suite=bookworm
mirror=http://deb.debian.org/debian
packages="linux-image-cloud-amd64 grub-cloud-amd64 initramfs-tools openssh-server cloud-init waagent python3 python3-pyasn1
  iptables sudo e2fsprogs dosfstools gdisk cloud-guest-utils chrony openssl procps iproute2 ifupdown isc-dhcp-client
  locales tzdata nano less unattended-upgrades bash-completion curl"

os_bytes=$((30 << 30))
data_bytes=$((4 << 30))

install_system() {
  [ -e "$work/root.done" ] && return
  rm -rf --one-file-system "$root"
  debootstrap --variant=minbase --include=systemd,systemd-sysv,udev,dbus,ca-certificates,netbase $suite "$root" $mirror
  cat > "$root/etc/apt/sources.list" <<SOURCES
deb http://deb.debian.org/debian $suite main
deb http://deb.debian.org/debian $suite-updates main
deb http://deb.debian.org/debian-security $suite-security main
SOURCES
  # No service may start inside the chroot; removed again below.
  printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  cat /etc/resolv.conf > "$root/etc/resolv.conf"
  enter_chroot "$root"
  chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C sh -ec "
    apt-get update
    apt-get -y dist-upgrade
    apt-get -y --no-install-recommends install $(echo $packages)
    apt-get clean
    rm -rf /var/lib/apt/lists/*"
  leave_chroot "$root"
  rm -f "$root/usr/sbin/policy-rc.d"
  touch "$work/root.done"
}

# Section 2 of the guide, on the system mounted at $1.
prepare_system() {
  local at=$1
  cat > "$at/etc/fstab" <<FSTAB
# /etc/fstab: static file system information
PARTUUID=$root_partuuid / ext4 rw,discard,errors=remount-ro,x-systemd.growfs 0 1
UUID=${esp_id:0:4}-${esp_id:4} /boot/efi vfat defaults,umask=0077 0 0
FSTAB
  cat > "$at/etc/network/interfaces" <<INTERFACES
auto lo
iface lo inet loopback

auto eth0
iface eth0 inet dhcp

source /etc/network/interfaces.d/*
INTERFACES
  sed -i -e 's/^GRUB_CMDLINE_LINUX=.*/GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0 earlyprintk=ttyS0 rootdelay=300 net.ifnames=0"/' "$at/etc/default/grub"
  sed -i -e 's/^#ClientAliveInterval .*/ClientAliveInterval 180/' "$at/etc/ssh/sshd_config"
  sed -i -e 's/^AutoUpdate.Enabled=n/AutoUpdate.Enabled=y/' "$at/etc/waagent.conf"
  grep -q '^ClientAliveInterval 180$' "$at/etc/ssh/sshd_config"
  grep -q '^Provisioning.RegenerateSshHostKeyPair=y$' "$at/etc/waagent.conf"
  grep -q '^Provisioning.DeleteRootPassword=y$' "$at/etc/waagent.conf"
  grep -q '^AutoUpdate.Enabled=y$' "$at/etc/waagent.conf"
}

install_boot_loader() {
  local at=$1 device=$2
  # The kernel line names the root by UUID when udev's link to it is there.
  mkdir -p "$at/dev/disk/by-uuid"
  ln -s "../../${device##*/}p1" "$at/dev/disk/by-uuid/$root_uuid"
  chroot "$at" grub-install --target=i386-pc "$device"
  cp -a "$at/usr/lib/grub/x86_64-efi" "$at/boot/grub/"
  chroot "$at" update-grub
  # The core image that grub-install --removable would write; not every kernel can mount the ESP to let it do so.
  printf 'search.fs_uuid %s root\nset prefix=($root)/boot/grub\n' "$root_uuid" > "$at/tmp/load.cfg"
  chroot "$at" grub-mkimage -O x86_64-efi -c /tmp/load.cfg -p /boot/grub -o /tmp/BOOTX64.EFI \
    part_gpt ext2 search_fs_uuid
  mv "$at/tmp/BOOTX64.EFI" "$work/BOOTX64.EFI"
  touch -d "@$SOURCE_DATE_EPOCH" "$work/BOOTX64.EFI"
  rm "$at/tmp/load.cfg"
}

generalise_system() {
  local at=$1
  chroot "$at" waagent -deprovision+user -force
  chroot "$at" cloud-init clean --logs
  rm -f "$at/etc/resolv.conf" "$at/var/lib/dbus/machine-id" "$at/var/lib/systemd/random-seed" "$at/root/.bash_history"
  rm -rf "$at/var/log/azure"
  : > "$at/etc/machine-id"
  find "$at/var/log" -type f -delete
  find "$at/tmp" "$at/var/tmp" -mindepth 1 -delete
}

# The files of the system at $1 that the sample keeps, as a list for rsync.
select_files() {
  (
    cd "$1"
    # The tree itself, as far as a person looks around in it.
    find . -xdev -maxdepth 3 -type d -not -path './usr/share/*/*' -not -path './usr/include/*' -not -path './var/cache/*'
    find bin sbin lib lib64 initrd.img vmlinuz -maxdepth 0 -type l 2> /dev/null || true
    find etc -xdev \( -type f -o -type l -o -type d \) -not -path 'etc/ssh/moduli' -not -path etc/mime.types -not -path 'etc/ssl/certs/*'
    find boot -xdev -type f \( -name 'config-*' -o -name 'System.map-*' -o -name grub.cfg -o -name grubenv \)
    find boot/grub -maxdepth 2 -type f \( -name core.img -o -name boot.img \)
    for name in dash sh python3 python3.11 sudo waagent iptables iptables-nft ip6tables ip6tables-nft xtables-nft-multi sshd init cloud-init nologin true; do
      find usr/bin usr/sbin -maxdepth 1 -name "$name"
    done
    find usr/lib/systemd -maxdepth 1 -type f \( -name systemd -o -name systemd-sysv-install \)
    find usr/lib/systemd/system usr/lib/systemd/system-preset usr/lib/systemd/network -type f -o -type l
    find usr/lib -maxdepth 1 -name os-release
    find usr/lib/x86_64-linux-gnu -maxdepth 1 -name libcrypto.so.3
    find usr/lib/python3/dist-packages -type f \( -path '*/azurelinuxagent/*.py' -o -path '*/pyasn1/*.py' -o -path '*/cloudinit/version.py' -o -path '*/cloudinit/__init__.py' -o -path '*/cloudinit/sources/DataSourceAzure.py' \)
    find usr/lib/python3/dist-packages -maxdepth 1 -name '*.egg-info'
    find usr/lib/modules -type f \( -name 'modules.*' -not -name 'modules.symbols*' -not -name 'modules.*.bin' -o -path '*/drivers/hv/*' -o -name 'hv_*.ko*' -o -path '*/fs/fat/*' -o -path '*/fs/udf/*' -o -path '*/fs/ext4/*' \)
    find usr/lib/udev/rules.d usr/lib/tmpfiles.d usr/lib/sysusers.d usr/lib/modprobe.d -type f
    find usr/share/zoneinfo/Etc/UTC usr/share/openssh/sshd_config
    find usr/share/doc -maxdepth 2 -name copyright \( -path '*/waagent/*' -o -path '*/openssh-server/*' -o -path '*/linux-image*/*' -o -path '*/grub-cloud*/*' -o -path '*/cloud-init/*' \)
    find var/lib/dpkg -maxdepth 1 -type f -not -name '*-old' -not -name 'lock*' -not -name available
    find var/lib/dpkg/info \( -name 'waagent.*' -o -name 'openssh-server.*' -o -name 'cloud-init.*' -o -name 'grub-cloud-amd64.*' \)
    find var/lib/cloud var/lib/waagent var/lib/dhcp var/log root home srv opt mnt -xdev 2> /dev/null || true
  ) | sed -e 's,^\./,,' | grep -v '^\.$' | LC_ALL=C sort -u
}

make_os_disk() {
  local staging=$work/staging.raw disk=$work/os.raw
  new_os_disk "$staging" $os_bytes
  mount_os_disk "$staging" "$work/staging"
  rsync -aHAX --numeric-ids "$root/" "$work/staging/"
  prepare_system "$work/staging"
  enter_chroot "$work/staging"
  install_boot_loader "$work/staging" "$loop"
  generalise_system "$work/staging"
  leave_chroot "$work/staging"
  clamp_times "$work/staging"
  select_files "$work/staging" > "$work/selection"

  # The boot code and the BIOS boot partition as grub-install wrote them.
  dd if="$staging" of="$work/boot.img" bs=440 count=1 status=none
  dd if="${loop}p14" of="$work/core.img" bs=64K status=none
  mkdir -p "$work/final"
  local staging_loop=$loop
  new_os_disk "$disk" $os_bytes
  mount_os_disk "$disk" "$work/final"
  rsync -aHAX --no-recursive --numeric-ids --files-from="$work/selection" "$work/staging/" "$work/final/"
  mmd -i "${loop}p15" ::/EFI ::/EFI/BOOT
  mcopy -m -i "${loop}p15" "$work/BOOTX64.EFI" ::/EFI/BOOT/BOOTX64.EFI
  dd if="$work/core.img" of="${loop}p14" bs=64K conv=notrunc status=none
  clamp_times "$work/final"
  unmount_disk "$work/final" "$loop"
  dd if="$work/boot.img" of="$disk" conv=notrunc status=none
  fresh_journal "$disk" 1
  unmount_disk "$work/staging" "$staging_loop"
  rm -f "$staging"
}

make_data_disk() {
  local disk=$work/data.raw
  rm -f "$disk"
  truncate -s $data_bytes "$disk"
  sgdisk -U "$data_disk_guid" -n 1:2048:0 -t 1:8300 -c 1:data -u "1:$data_partuuid" "$disk" > /dev/null
  attach "$disk"
  mkfs.ext4 -q -L appliance-data -U "$data_uuid" -E "hash_seed=$data_uuid" "${loop}p1"
  mkdir -p "$work/final"
  mount -o noinit_itable "${loop}p1" "$work/final"
  install -d "$work/final/appliance/licenses" "$work/final/appliance/queue"
  cp "$root/usr/share/common-licenses/GPL-3" "$root/usr/share/common-licenses/Apache-2.0" "$work/final/appliance/licenses/"
  cp "$root/usr/share/doc/cloud-init/copyright" "$work/final/appliance/licenses/cloud-init"
  printf 'Contoso Appliance: working area, LUN 0.\n' > "$work/final/appliance/README"
  clamp_times "$work/final"
  unmount_disk "$work/final" "$loop"
  fresh_journal "$disk" 1
}

check_tools debootstrap mkfs.ext4 mkfs.vfat sgdisk mcopy rsync qemu-img python3 losetup
mkdir -p "$work"
install_system
make_os_disk
make_data_disk
check_disk "$work/os.raw" 1 15
check_disk "$work/data.raw" 1
for name in os data; do
  to_vhd "$work/$name.raw" "$work/$name.vhd"
  python3 "$pack" "$work/$name.vhd" "$here/ContosoAppliance/disks/$name.sparse.gz"
done
"$here/break-disks.sh" "$work"
ls -l "$here"/*/disks/*.sparse.gz
