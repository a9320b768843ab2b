# --- accounts and keys ---

# lock_password ACCOUNT: no password is right any more, and the old one is not kept.
lock_password() {
  if have usermod; then
    usermod -p '!' -- "$1"
  else
    printf '%s:!\n' "$1" | chpasswd -e
  fi
}

# remove_keys FILE: its lines with SSH keys; the file too when nothing but comments is left.
remove_keys() {
  [ -f "$1" ] || return 0
  # shellcheck disable=SC2094 # save reads to the end before it writes
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      *ssh-rsa* | *ssh-ed25519* | *ssh-dss* | *ecdsa-sha2-* | *sk-ssh-* | *sk-ecdsa-* | *rsa-sha2-* | *ssh-xmss*)
        case $line in
          # What cloud-init writes for root lets nobody in.
          *command=*'Please login as the user'*) printf '%s\n' "$line" ;;
        esac ;;
      *) printf '%s\n' "$line" ;;
    esac
  done < "$1" | save "$1"
  grep -q -e '^[[:space:]]*[^#[:space:]]' -- "$1" || case $1 in */authorized_keys | */authorized_keys2) rm -f -- "$1" ;; esac
}

# remove_private_key FILE: a file that holds one, and the public key beside it.
remove_private_key() {
  [ -f "$1" ] || return 0
  if ! grep -q -e 'PRIVATE KEY' -- "$1"; then
    echo "$1 holds no private key; it is left alone" >&2
    return 1
  fi
  rm -f -- "$1" "$1.pub"
}

# The next boot makes a new one; a file that is missing would not let it be written on a read-only root.
clear_machine_id() {
  : > /etc/machine-id
  [ ! -f /var/lib/dbus/machine-id ] || [ -L /var/lib/dbus/machine-id ] || rm -f /var/lib/dbus/machine-id
}

# --- swap ---

# remove_swap_file FILE: only what carries the mark of mkswap at the end of its first page, whatever the size of a page.
remove_swap_file() {
  if [ ! -f "$1" ]; then
    return 0
  fi
  for end in 4096 8192 16384 65536; do
    case $(dd if="$1" bs=1 skip=$((end - 10)) count=10 2> /dev/null | tr -d '\0') in
      SWAPSPACE2 | SWAP-SPACE)
        swapoff "$1" 2> /dev/null || true
        rm -f -- "$1"
        return ;;
    esac
  done
  echo "$1 is no swap file; it is left alone" >&2
}

# only_swap DEVICE: fails when something other than swap is on it, or it is mounted.
only_swap() {
  case $(blkid -p -o value -s TYPE -- "$1" 2> /dev/null || true) in
    '' | swap) ;;
    *) echo "$1 holds something other than swap; it is left alone" >&2; return 1 ;;
  esac
  if grep -q -e "^$1 " /proc/mounts; then
    echo "$1 is mounted; it is left alone" >&2
    return 1
  fi
  swapoff "$1" 2> /dev/null || true
}

# remove_swap_volume GROUP/VOLUME: the logical volume, and what makes the initial RAM disk wait for it.
remove_swap_volume() {
  [ -e "/dev/$1" ] || return 0
  only_swap "/dev/$1"
  kernel_remove "rd.lvm.lv=$1" "resume=/dev/$1" "resume=/dev/mapper/$(printf '%s' "$1" | sed -e 's/-/--/g' -e 's,/,-,')"
  lvremove -f -y "$1"
}

# remove_swap_partition NUMBER START LENGTH: a partition of the disk that the root file system is on; sectors of 512 bytes.
remove_swap_partition() {
  root=$(findmnt -n -o SOURCE / | sed -e 's/\[.*//')
  root=$(readlink -f "$root")
  root=/sys/class/block/${root##*/}
  if [ ! -e "$root/partition" ]; then
    echo "the root file system is not on a partition: remove partition $1 by hand" >&2
    return 1
  fi
  disk=$(dirname "$(readlink -f "$root")")
  for part in "$disk"/*/partition; do
    [ -e "$part" ] || continue
    part=$(dirname "$part")
    if [ "$(cat "$part/partition") $(cat "$part/start") $(cat "$part/size")" = "$1 $2 $3" ]; then
      only_swap "/dev/${part##*/}"
      wipefs -q -a "/dev/${part##*/}" || dd if=/dev/zero of="/dev/${part##*/}" bs=64k count=1 conv=notrunc 2> /dev/null
      if have sgdisk && [ "$(blkid -p -o value -s PTTYPE "/dev/${disk##*/}")" = gpt ]; then
        sgdisk -d "$1" "/dev/${disk##*/}" > /dev/null
      elif have sfdisk; then
        sfdisk -q --no-reread --delete "/dev/${disk##*/}" "$1"
      else
        parted -s "/dev/${disk##*/}" rm "$1"
      fi
      partx -d --nr "$1" "/dev/${disk##*/}" 2> /dev/null || true
      return 0
    fi
  done
  # Deleted before: this script may be run again.
  return 0
}
