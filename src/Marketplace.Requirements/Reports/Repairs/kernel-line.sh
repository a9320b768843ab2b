# --- the kernel line ---

# kernel_add ARGUMENT…, kernel_remove ARGUMENT…: remembered; apply_kernel_arguments does it for all of them at once.
kernel_add() { printf '%s\n' "$@" >> "$scratch/kernel.add"; }
kernel_remove() { printf '%s\n' "$@" >> "$scratch/kernel.remove"; }

# update_boot_menu: the boot menu is to be made anew although no argument changes.
update_boot_menu() { : > "$scratch/kernel.menu"; }

# is_replaced WORD: whether an argument that is added takes the place of WORD: the same key, of which the kernel takes one value.
is_replaced() {
  case $1 in
    console=* | root=* | rd.*=*) return 1 ;;
    *=*) [ -e "$scratch/kernel.add" ] && grep -q -e "^$(printf '%s' "${1%%=*}" | sed 's/[^A-Za-z0-9_-]/\\&/g')=" "$scratch/kernel.add" ;;
    *) return 1 ;;
  esac
}

# change_arguments WORDS: WORDS without what is removed and with what is added, on standard output.
change_arguments() {
  set -f
  result=
  for word in $1; do
    if is_in "$word" "$scratch/kernel.remove" || { is_replaced "$word" && ! is_in "$word" "$scratch/kernel.add"; }; then
      continue
    fi
    result="$result $word"
  done
  if [ -e "$scratch/kernel.add" ]; then
    while IFS= read -r added; do
      case " $result " in
        *" $added "*) ;;
        *) result="$result $added" ;;
      esac
    done < "$scratch/kernel.add"
  fi
  set +f
  printf '%s' "${result# }"
}

# remove_arguments WORDS: the same, without what is added.
remove_arguments() {
  set -f
  result=
  for word in $1; do
    is_in "$word" "$scratch/kernel.remove" || { is_replaced "$word" && ! is_in "$word" "$scratch/kernel.add"; } || result="$result $word"
  done
  set +f
  printf '%s' "${result# }"
}

# change_grub_defaults FILE: the variables of /etc/default/grub; the arguments of every entry are in GRUB_CMDLINE_LINUX.
change_grub_defaults() {
  found=0
  while IFS= read -r line || [ -n "$line" ]; do
    strip "$line"
    case $stripped in
      GRUB_CMDLINE_LINUX=* | GRUB_CMDLINE_LINUX_DEFAULT=* | GRUB_CMDLINE_LINUX_RECOVERY=*) change_grub_default "$line" ;;
      *) printf '%s\n' "$line" ;;
    esac
  done < "$1"
  if [ "$found" = 0 ] && [ "$1" = /etc/default/grub ]; then
    printf 'GRUB_CMDLINE_LINUX="%s"\n' "$(change_arguments "\$GRUB_CMDLINE_LINUX")"
  fi
}

# change_grub_default LINE: one assignment in $stripped; one that is not a single plain or quoted word is left as it is.
change_grub_default() {
  key=${stripped%%=*}
  value=${stripped#*=}
  quote='"'
  case $value in
    \"*\") value=${value#\"}; value=${value%\"} ;;
    \'*\') value=${value#\'}; value=${value%\'}; quote="'" ;;
    *[[:space:]]*) value='"' ;;
  esac
  case $value in
    *\"* | *\'*) printf '%s\n' "$1"; return ;;
  esac
  case $key-$value in
    # What an earlier line set is in it already.
    GRUB_CMDLINE_LINUX-*\$GRUB_CMDLINE_LINUX* | GRUB_CMDLINE_LINUX-*"\${GRUB_CMDLINE_LINUX}"*)
      if [ "$found" = 1 ] || [ "$file" != /etc/default/grub ]; then
        value=$(remove_arguments "$value")
      else
        value=$(change_arguments "$value")
        found=1
      fi ;;
    GRUB_CMDLINE_LINUX-*) value=$(change_arguments "$value"); found=1 ;;
    *) value=$(remove_arguments "$value") ;;
  esac
  printf '%s=%s%s%s\n' "$key" "$quote" "$value" "$quote"
}

# change_boot_file FILE: the arguments of every line that starts a kernel: GRUB 2, GRUB 0.97, EXTLINUX, Boot Loader Specification.
change_boot_file() {
  options=0
  while IFS= read -r line || [ -n "$line" ]; do
    strip "$line"
    indent=${line%%[![:space:]]*}
    keyword=${stripped%%[[:space:]]*}
    rest=${stripped#"$keyword"}
    strip "$rest"
    rest=$stripped
    case $1-$keyword in
      *grub.cfg-linux | *grub.cfg-linux16 | *grub.cfg-linuxefi | *grub.conf-kernel | *menu.lst-kernel)
        kernel=${rest%%[[:space:]]*}
        case $kernel in
          *xen*.gz | *memtest* | *.c32) printf '%s\n' "$line" ;;
          *) printf '%s%s %s %s\n' "$indent" "$keyword" "$kernel" "$(change_arguments "${rest#"$kernel"}")" ;;
        esac ;;
      */entries/*-options)
        # Several lines are one.
        if [ $options = 0 ]; then
          printf 'options %s\n' "$(change_arguments "$rest")"
        else
          printf 'options %s\n' "$(remove_arguments "$rest")"
        fi
        options=1 ;;
      *linux.conf-[Aa][Pp][Pp][Ee][Nn][Dd] | *linux.cfg-[Aa][Pp][Pp][Ee][Nn][Dd])
        printf '%s%s %s\n' "$indent" "$keyword" "$(change_arguments "$rest")" ;;
      *grub.cfg-set)
        # What the entries of the Boot Loader Specification take when grubenv has no kernelopts.
        case $rest in
          kernelopts=\"*\")
            rest=${rest#kernelopts=\"}
            printf '%sset kernelopts="%s"\n' "$indent" "$(change_arguments "${rest%\"}")" ;;
          *) printf '%s\n' "$line" ;;
        esac ;;
      *menu.lst-'#')
        # Debian's update-grub of GRUB 0.97 keeps its settings in comments.
        case $rest in
          kopt=*) printf '# kopt=%s\n' "$(change_arguments "${rest#kopt=}")" ;;
          *) printf '%s\n' "$line" ;;
        esac ;;
      *) printf '%s\n' "$line" ;;
    esac
  done < "$1"
  case $1-$options in
    */entries/*-0) printf 'options %s\n' "$(change_arguments '')" ;;
  esac
}

# change_grub_environment FILE: kernelopts of grubenv, a block of 1024 bytes that ends with number signs.
change_grub_environment() {
  while IFS= read -r line; do
    case $line in
      kernelopts=*) printf 'kernelopts=%s\n' "$(change_arguments "${line#kernelopts=}")" ;;
      '##'*) ;;
      *) printf '%s\n' "$line" ;;
    esac
  done < "$1" > "$scratch/grubenv"
  size=$(wc -c < "$scratch/grubenv")
  if [ "$size" -gt 1024 ]; then
    echo "$1 has no room for the arguments" >&2
    return 1
  fi
  while [ "$size" -lt 1024 ]; do
    printf '#'
    size=$((size + 1))
  done >> "$scratch/grubenv"
  save "$1" < "$scratch/grubenv"
}

# root_of FILE: the first root= of the kernel lines of a grub.cfg.
root_of() {
  sed -n -e 's/^[[:space:]]*linux.*[[:space:]]\(root=[^[:space:]]*\).*/\1/p' "$1" | head -n 1
}

# make_grub_menu FILE COMMAND…: makes a grub.cfg anew; one that would start from another device than before is not kept.
make_grub_menu() {
  menu=$1
  shift
  cp -p -- "$menu" "$scratch/grub.cfg"
  if ! "$@" || [ "$(root_of "$menu")" != "$(root_of "$scratch/grub.cfg")" ]; then
    echo "$1 did not work here; $menu is edited directly" >&2
    cat "$scratch/grub.cfg" > "$menu"
  fi
}

apply_kernel_arguments() {
  [ -e "$scratch/kernel.add" ] || [ -e "$scratch/kernel.remove" ] || [ -e "$scratch/kernel.menu" ] || return 0

  # What the menus are made from.
  for file in /etc/default/grub /etc/default/grub.d/*.cfg; do
    [ ! -f "$file" ] || change_grub_defaults "$file" | save "$file"
  done
  if [ -f /etc/kernel/cmdline ]; then
    printf '%s\n' "$(change_arguments "$(cat /etc/kernel/cmdline)")" | save /etc/kernel/cmdline
  fi

  # The menus, made anew by the system's own tools.
  if have update-grub && [ -f /boot/grub/grub.cfg ]; then
    make_grub_menu /boot/grub/grub.cfg update-grub
  elif have grub2-mkconfig && [ -f /boot/grub2/grub.cfg ]; then
    make_grub_menu /boot/grub2/grub.cfg grub2-mkconfig -o /boot/grub2/grub.cfg
  elif have grub-mkconfig && [ -f /boot/grub/grub.cfg ]; then
    make_grub_menu /boot/grub/grub.cfg grub-mkconfig -o /boot/grub/grub.cfg
  fi

  # Entries that those do not write, and menus they could not make.
  menus=0
  for file in /boot/grub/grub.cfg /boot/grub2/grub.cfg /boot/efi/EFI/*/grub.cfg /efi/EFI/*/grub.cfg \
    /boot/loader/entries/*.conf /boot/efi/loader/entries/*.conf /efi/loader/entries/*.conf \
    /boot/grub/grub.conf /boot/grub/menu.lst /boot/extlinux/extlinux.conf /boot/extlinux.conf /extlinux.conf \
    /boot/syslinux/syslinux.cfg /boot/syslinux.cfg /boot/efi/EFI/*/syslinux.cfg /efi/EFI/*/syslinux.cfg; do
    if [ -f "$file" ]; then
      menus=$((menus + 1))
      change_boot_file "$file" | save "$file"
    fi
  done
  for file in /boot/grub2/grubenv /boot/grub/grubenv; do
    if [ -f "$file" ] && grep -q '^kernelopts=' "$file"; then
      change_grub_environment "$file"
    fi
  done

  # The command line is inside such an image.
  for file in /boot/efi/EFI/Linux/*.efi /efi/EFI/Linux/*.efi /boot/EFI/Linux/*.efi; do
    if [ -f "$file" ]; then
      menus=$((menus + 1))
      once kernels rebuild_unified_kernels
    fi
  done
  if [ $menus = 0 ]; then
    echo 'no boot menu was found' >&2
    return 1
  fi
}

rebuild_unified_kernels() {
  for modules in /lib/modules/*; do
    version=${modules##*/}
    for kernel in "$modules/vmlinuz" "/boot/vmlinuz-$version"; do
      if [ -e "$kernel" ] && have kernel-install; then
        kernel-install add "$version" "$kernel"
        continue 2
      fi
    done
    echo "the unified kernel image of $version must be built again from /etc/kernel/cmdline" >&2
    return 1
  done
}
