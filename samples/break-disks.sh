#!/usr/bin/env bash
# Makes the disks of BrokenAppliance from those of ContosoAppliance: break-disks.sh WORK_DIRECTORY
# Run by make-disks.sh; each fault below stands in BrokenAppliance/README.md with its code.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(realpath "$1")
out=$here/BrokenAppliance/disks
# shellcheck source=disk-tools.sh
. "$here/disk-tools.sh"
# shellcheck source=break-system.sh
. "$here/break-system.sh"

break_os_disk() {
  local disk=$work/broken-os.vhd at=$work/final
  cp --sparse=always "$work/os.vhd" "$disk"
  attach "$disk" $((30 << 30))
  mkdir -p "$at"
  mounted=("$at" "${mounted[@]}")
  mount -o noinit_itable "${loop}p1" "$at"

  break_system "$at"
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
