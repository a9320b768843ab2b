#!/usr/bin/env bash
# Makes the disks of BrokenAppliance from those of ContosoAppliance: break-disks.sh WORK_DIRECTORY
# Run by make-disks.sh; each fault below stands in BrokenAppliance/README.md with its code.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(realpath "$1")
out=$here/BrokenAppliance/disks
# shellcheck source=disk-tools.sh
. "$here/disk-tools.sh"

break_os_disk() {
  local disk=$work/broken-os.vhd at=$work/final
  cp --sparse=always "$work/os.vhd" "$disk"
  attach "$disk" $((30 << 30))
  mkdir -p "$at"
  mounted=("$at" "${mounted[@]}")
  mount -o noinit_itable "${loop}p1" "$at"

  # Swap on the OS disk.
  fallocate -l 64M "$at/swapfile"
  chmod 600 "$at/swapfile"
  mkswap -U 8d1b5a10-6c5e-4f0a-9a53-c0a7050a5001 "$at/swapfile" > /dev/null
  echo '/swapfile none swap sw 0 0' >> "$at/etc/fstab"
  # A kernel line as Debian installs it on a desktop.
  sed -i 's/^GRUB_CMDLINE_LINUX=.*/GRUB_CMDLINE_LINUX="quiet"/' "$at/etc/default/grub"
  sed -i 's/console=tty0 console=ttyS0 earlyprintk=ttyS0 rootdelay=300 net.ifnames=0/quiet/' "$at/boot/grub/grub.cfg"
  # A drop-in that is read before the good value of the main file.
  echo 'ClientAliveInterval 300' > "$at/etc/ssh/sshd_config.d/10-keepalive.conf"
  # The account of the person who built the image, a root password, and what both typed.
  useradd --prefix "$at" -m -s /bin/sh -u 1000 -p "$(openssl passwd -6 -salt contoso builder)" builder
  usermod --prefix "$at" -p "$(openssl passwd -6 -salt contoso toor)" root
  install -d -m 700 -o 1000 -g 1000 "$at/home/builder/.ssh"
  ssh-keygen -q -t ed25519 -N '' -C builder@contoso -f "$work/builder-key" <<< y > /dev/null
  install -m 600 -o 1000 -g 1000 "$work/builder-key.pub" "$at/home/builder/.ssh/authorized_keys"
  rm "$work/builder-key" "$work/builder-key.pub"
  printf 'apt update\napt install -y waagent\nvi /etc/fstab\n' > "$at/root/.bash_history"
  printf 'sudo -i\n' > "$at/home/builder/.bash_history"
  # Never generalised.
  printf 'nameserver 192.168.1.1\nsearch contoso.lan\n' > "$at/etc/resolv.conf"
  printf '4f1c0c3f5f7d4c1d8e0c6e2b9a7d5e31\n' > "$at/etc/machine-id"
  sed -i -e 's/^Provisioning.RegenerateSshHostKeyPair=y/Provisioning.RegenerateSshHostKeyPair=n/' \
    -e 's/^Provisioning.DeleteRootPassword=y/Provisioning.DeleteRootPassword=n/' "$at/etc/waagent.conf"
  ssh-keygen -q -t ed25519 -N '' -C root@contoso -f "$at/etc/ssh/ssh_host_ed25519_key"
  echo '4f1c0c3f-5f7d-4c1d-8e0c-6e2b9a7d5e31' > "$at/var/lib/waagent/provisioned"
  # The agent is installed but never starts.
  rm "$at/etc/systemd/system/multi-user.target.wants/walinuxagent.service"

  clamp_times "$at"
  unmount_disk "$at" "$loop"
  attach "$disk" $((30 << 30))
  fsck.ext4 -fn "${loop}p1" > /dev/null 2>&1
  detach "$loop"
  python3 "$pack" "$disk" "$out/os.delta.sparse.gz" "$work/os.vhd"
}

# A data disk of which half is swap.
make_scratch_disk() {
  local disk=$work/scratch.raw
  rm -f "$disk"
  truncate -s 2G "$disk"
  sgdisk -U 8d1b5a10-6c5e-4f0a-9a53-c0a7050a0003 -n 1:2048:+1G -t 1:8200 -u 1:8d1b5a10-6c5e-4f0a-9a53-c0a7050a0301 \
    -n 2:0:0 -t 2:8300 -u 2:8d1b5a10-6c5e-4f0a-9a53-c0a7050a0302 "$disk" > /dev/null
  attach "$disk"
  mkswap -U 8d1b5a10-6c5e-4f0a-9a53-c0a7050a5002 "${loop}p1" > /dev/null
  mkfs.ext4 -q -U 8d1b5a10-6c5e-4f0a-9a53-c0a7050a3002 -E hash_seed=8d1b5a10-6c5e-4f0a-9a53-c0a7050a3002 "${loop}p2"
  detach "$loop"
  sgdisk -v "$disk" | grep -q 'No problems found'
  to_vhd "$disk" "$work/scratch.vhd"
  python3 "$pack" "$work/scratch.vhd" "$out/scratch.sparse.gz"
}

# A data disk in the format that Azure does not take.
make_dynamic_disk() {
  rm -f "$work/archive.vhd"
  qemu-img create -q -f vpc -o subformat=dynamic,force_size "$work/archive.vhd" 1G
  python3 "$pack" "$work/archive.vhd" "$out/archive.sparse.gz"
}

check_tools mkfs.ext4 sgdisk mkswap qemu-img python3 losetup openssl ssh-keygen useradd
mkdir -p "$out"
break_os_disk
make_scratch_disk
make_dynamic_disk
