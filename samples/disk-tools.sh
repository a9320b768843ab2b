# Functions shared by the scripts that make disks; sourced, not run. Everything mounted or attached is undone on exit.
# shellcheck shell=bash

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pack=$here/../tests/fixtures/pack-sparse.py

# Fixed identifiers, so that two runs give the same layout.
os_disk_guid=8d1b5a10-6c5e-4f0a-9a53-c0a7050a0001
root_partuuid=8d1b5a10-6c5e-4f0a-9a53-c0a7050a0101
bios_partuuid=8d1b5a10-6c5e-4f0a-9a53-c0a7050a0114
esp_partuuid=8d1b5a10-6c5e-4f0a-9a53-c0a7050a0115
root_uuid=8d1b5a10-6c5e-4f0a-9a53-c0a7050a1001
esp_id=C0A70515
data_disk_guid=8d1b5a10-6c5e-4f0a-9a53-c0a7050a0002
data_partuuid=8d1b5a10-6c5e-4f0a-9a53-c0a7050a0201
data_uuid=8d1b5a10-6c5e-4f0a-9a53-c0a7050a2001

# 2026-11-01T00:00:00Z: no file of a disk is younger.
export SOURCE_DATE_EPOCH=1793491200
export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH
export LC_ALL=C TZ=UTC

attached=()
mounted=()
loop=

check_tools() {
  local tool
  for tool; do
    command -v "$tool" > /dev/null || { echo "$tool is missing." >&2; exit 1; }
  done
  [ "$(id -u)" = 0 ] || { echo "Loop devices and mounts need root." >&2; exit 1; }
}

undo_all() {
  local at device
  for at in "${mounted[@]}"; do
    while mountpoint -q "$at"; do umount -R "$at"; done
  done
  for device in "${attached[@]}"; do
    losetup "$device" > /dev/null 2>&1 && detach "$device"
  done
  return 0
}
trap undo_all EXIT

# Attaches file $1 (its first $2 bytes, so that a VHD footer stays outside) with its partitions; the device is in $loop.
attach() {
  loop=$(losetup -f --show ${2:+--sizelimit "$2"} "$1")
  attached+=("$loop")
  # Not every kernel reads the table itself, and without udev the nodes have to be made by hand.
  partx -a "$loop" 2> /dev/null || true
  local part name
  for part in /sys/class/block/"${loop#/dev/}"p*; do
    [ -e "$part" ] || continue
    name=/dev/${part##*/}
    [ -b "$name" ] || mknod "$name" b $(tr : ' ' < "$part/dev")
  done
}

detach() {
  partx -d "$1" 2> /dev/null || true
  losetup -d "$1"
}

# A device directory of its own, so that what udev would add (install_boot_loader) stays out of the host's.
enter_chroot() {
  local at=$1
  mounted=("$at" "${mounted[@]}")
  mount -t proc proc "$at/proc"
  mount -t sysfs sys "$at/sys"
  mount -t tmpfs dev "$at/dev"
  cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/loop* "$at/dev/"
}

leave_chroot() {
  umount "$1/dev" "$1/sys" "$1/proc"
}

# Debian's cloud layout: BIOS boot 14, ESP 15, root 1 last on the disk; file systems made with Debian's defaults.
new_os_disk() {
  local disk=$1 bytes=$2
  rm -f "$disk"
  truncate -s "$bytes" "$disk"
  sgdisk -a 2048 -U $os_disk_guid \
    -n 14:2048:8191 -t 14:ef02 -u 14:$bios_partuuid \
    -n 15:8192:262143 -t 15:ef00 -u 15:$esp_partuuid \
    -n 1:262144:0 -t 1:8304 -u 1:$root_partuuid "$disk" > /dev/null
  attach "$disk"
  mkfs.vfat -F 32 -i $esp_id "${loop}p15" > /dev/null
  mkfs.ext4 -q -U $root_uuid -E hash_seed=$root_uuid "${loop}p1"
  detach "$loop"
}

mount_os_disk() {
  local disk=$1 at=$2
  attach "$disk"
  mkdir -p "$at"
  mounted=("$at" "${mounted[@]}")
  mount -o noinit_itable "${loop}p1" "$at"
  mkdir -p "$at/boot/efi"
}

unmount_disk() {
  umount -R "$1"
  detach "$2"
}

# No file is younger than the fixed time.
clamp_times() {
  find "$1" -xdev -newermt "@$SOURCE_DATE_EPOCH" -print0 | xargs -0r touch -h -d "@$SOURCE_DATE_EPOCH"
}

# The journal of a clean file system holds only copies of what was written long ago; a new one is empty and packs to nothing.
fresh_journal() {
  attach "$1"
  tune2fs -O ^has_journal "${loop}p$2" > /dev/null
  tune2fs -j "${loop}p$2" > /dev/null
  detach "$loop"
}

# Independent tools find the table, the ext4 of partition $2 and the FAT of partition $3 sound.
check_disk() {
  sgdisk -v "$1" | grep -q 'No problems found'
  attach "$1"
  fsck.ext4 -fn "${loop}p$2" > /dev/null 2>&1
  [ -z "${3:-}" ] || fsck.vfat -n "${loop}p$3" > /dev/null
  detach "$loop"
}

# A fixed VHD of exactly the size of the raw disk.
to_vhd() {
  rm -f "$2"
  qemu-img convert -f raw -O vpc -o subformat=fixed,force_size "$1" "$2"
}
