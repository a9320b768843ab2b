set -u
umask 022
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

if [ "$(id -u)" != 0 ]; then
  echo 'Run this script as root, inside the machine that the image is captured from.' >&2
  exit 2
fi

scratch=$(mktemp -d) || exit 2
trap 'tidy; rm -rf -- "$scratch"' EXIT
trap 'exit 130' HUP INT TERM
failed=0

# step NAME FUNCTION: one repair; when a command of it fails the rest of it is left out, and the next one runs all the same.
step() {
  printf '%s\n' "-- $1"
  # In a condition the shell would go on after a command that fails.
  (
    set -e
    "$2"
  )
  code=$?
  if [ "$code" -ne 0 ]; then
    failed=$((failed + 1))
    printf '%s\n' "-- FAILED ($code): $1" >&2
  fi
}

# --- text files ---

# save FILE: replaces what is in FILE by standard input, keeping owner, mode and links; leaves it alone when nothing changes.
save() {
  cat > "$scratch/new"
  if [ ! -e "$1" ]; then
    mkdir -p -- "$(dirname -- "$1")"
    : > "$1"
  fi
  cmp -s -- "$scratch/new" "$1" 2> /dev/null || cat "$scratch/new" > "$1"
}

# strip TEXT: TEXT without white space around it, in $stripped.
strip() {
  stripped=${1#"${1%%[![:space:]]*}"}
  stripped=${stripped%"${stripped##*[![:space:]]}"}
}

# sets_key LINE KEY: whether LINE is KEY=...; blanks may stand around KEY.
sets_key() {
  strip "$1"
  case $stripped in
    "$2"=* | "$2"[[:space:]]*=* | "export $2="*)
      # KEY followed by another word sets nothing.
      stripped=${stripped#export }
      stripped=${stripped#"$2"}
      strip "$stripped"
      case $stripped in =*) return 0 ;; esac ;;
  esac
  return 1
}

# set_conf FILE KEY VALUE: one line KEY=VALUE, in the place of the first that sets KEY, else of the first comment that shows it, else last.
set_conf() {
  from=$1
  [ -e "$from" ] || from=/dev/null
  active=0 shown=0
  while IFS= read -r line || [ -n "$line" ]; do
    if sets_key "$line" "$2"; then
      active=1
    else
      strip "$line"
      case $stripped in '#'*) sets_key "${stripped#"#"}" "$2" && shown=1 ;; esac
    fi
  done < "$from"
  {
    written=0
    while IFS= read -r line || [ -n "$line" ]; do
      if sets_key "$line" "$2"; then
        [ $written = 1 ] || printf '%s\n' "$2=$3"
        written=1
        continue
      fi
      if [ $active$shown$written = 010 ]; then
        strip "$line"
        case $stripped in
          '#'*)
            if sets_key "${stripped#"#"}" "$2"; then
              printf '%s\n' "$2=$3"
              written=1
              continue
            fi ;;
        esac
      fi
      printf '%s\n' "$line"
    done < "$from"
    [ $written = 1 ] || printf '%s\n' "$2=$3"
  } | save "$1"
}

# comment_out FILE TEXT: every line that is TEXT, white space around it aside, becomes a comment.
comment_out() {
  [ -e "$1" ] || return 0
  strip "$2"
  wanted=$stripped
  # shellcheck disable=SC2094 # save reads to the end before it writes
  while IFS= read -r line || [ -n "$line" ]; do
    strip "$line"
    if [ "$stripped" = "$wanted" ]; then
      printf '# %s\n' "$line"
    else
      printf '%s\n' "$line"
    fi
  done < "$1" | save "$1"
}

# is_in WORD FILE: whether a line of FILE is WORD.
is_in() { [ -e "$2" ] && grep -qxF -e "$1" "$2"; }

remove_path() {
  for path in "$@"; do
    case $path in '' | / | . | ..) echo "will not remove '$path'" >&2; return 1 ;; esac
    rm -rf -- "$path"
  done
}

# --- the SSH server ---

# sshd_option LINE: the keyword of a line of sshd_config in capitals, in $option; empty for a comment.
sshd_option() {
  strip "$1"
  case $stripped in '' | '#'*) option=; return ;; esac
  option=${stripped%%[[:space:]=]*}
  option=$(printf '%s' "$option" | tr '[:lower:]' '[:upper:]')
}

# drop_sshd FILE KEY: FILE without the lines outside Match blocks that set KEY, on standard output.
drop_sshd() {
  wanted=$(printf '%s' "$2" | tr '[:lower:]' '[:upper:]')
  matched=0
  while IFS= read -r line || [ -n "$line" ]; do
    sshd_option "$line"
    [ "$option" != MATCH ] || matched=1
    [ $matched = 0 ] && [ "$option" = "$wanted" ] || printf '%s\n' "$line"
  done < "$1"
}

# set_sshd KEY VALUE: the first setting of sshd_config, which is the one that counts; no other global setting of KEY is left.
set_sshd() {
  main=/etc/ssh/sshd_config
  if [ ! -e $main ] && [ -e /usr/etc/ssh/sshd_config ]; then
    cp /usr/etc/ssh/sshd_config $main
  fi
  [ -e $main ] || : | save $main
  { printf '%s %s\n' "$1" "$2"; drop_sshd $main "$1"; } | save $main
  for file in /etc/ssh/sshd_config.d/*.conf; do
    [ ! -f "$file" ] || drop_sshd "$file" "$1" | save "$file"
  done
}

# --- packages and services ---

have() { command -v "$1" > /dev/null 2>&1; }

# once NAME COMMAND…: runs COMMAND the first time it is asked for.
once() {
  [ ! -e "$scratch/$1" ] || return 0
  mark=$scratch/$1
  shift
  "$@" && : > "$mark"
}

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confmiss "$@"
}

# What is installed must not start: it would make this machine one of its own.
keep_services_down() {
  [ ! -e /usr/sbin/policy-rc.d ] || return 0
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  : > "$scratch/policy"
}

# What installing leaves behind is removed: lists and archives of packages, and host keys that a package made.
tidy() {
  [ ! -e "$scratch/policy" ] || rm -f /usr/sbin/policy-rc.d
  if [ -e "$scratch/installed" ]; then
    if have apt-get; then
      apt-get clean
      rm -rf /var/lib/apt/lists/*
    fi
    for key in /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub; do
      [ ! -e "$key" ] || is_in "$key" "$scratch/keys" || rm -f "$key"
    done
  fi
}

# install_package NAME…: installs the first NAME that the package manager knows, or its newest version; its missing files come back.
install_package() {
  if [ ! -e "$scratch/installed" ]; then
    ls /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub > "$scratch/keys" 2> /dev/null || true
    : > "$scratch/installed"
  fi
  for name in "$@"; do
    if have apt-get; then
      once updated apt update || true
      keep_services_down
      apt-cache policy "$name" 2> /dev/null | grep -q 'Candidate: [^(]' || continue
      apt --no-install-recommends --reinstall install "$name"
    elif have dnf || have yum; then
      manager=$(command -v dnf || command -v yum)
      if rpm -q "$name" > /dev/null 2>&1; then
        "$manager" -y upgrade "$name"
        rpm -V --nomtime --noconfig "$name" > /dev/null 2>&1 || "$manager" -y reinstall "$name"
      else
        "$manager" -q info "$name" > /dev/null 2>&1 || continue
        "$manager" -y install "$name"
      fi
    elif have zypper; then
      zypper -n search -x -t package "$name" > /dev/null 2>&1 || continue
      zypper -n install --force --no-recommends "$name"
    elif have tdnf; then
      if rpm -q "$name" > /dev/null 2>&1; then
        tdnf -y update "$name"
        rpm -V --nomtime --noconfig "$name" > /dev/null 2>&1 || tdnf -y reinstall "$name"
      else
        tdnf -q list "$name" > /dev/null 2>&1 || continue
        tdnf -y install "$name"
      fi
    else
      echo 'no package manager was found' >&2
      return 1
    fi
    return
  done
  echo "the package manager knows no package $*" >&2
  return 1
}

# Neither starts nor stops anything: the machine is captured next.
enable_service() {
  if have systemctl; then
    systemctl unmask "$1" > /dev/null 2>&1 || true
    systemctl enable "$1"
  elif have chkconfig; then
    chkconfig "$1" on
  else
    update-rc.d "$1" enable
  fi
}

# enable_first NAME…: the first that there is a unit or a start script of; a link to another unit is none.
enable_first() {
  for name in "$@"; do
    for file in "/etc/systemd/system/$name.service" "/usr/lib/systemd/system/$name.service" "/lib/systemd/system/$name.service" "/etc/init.d/$name"; do
      if [ -f "$file" ] && [ ! -L "$file" ]; then
        enable_service "$name"
        return
      fi
    done
  done
  echo "there is no service $*" >&2
  return 1
}

disable_service() {
  if have systemctl; then
    systemctl disable "$1" > /dev/null 2>&1 || true
    # What another package or the vendor wants stays wanted; only a mask keeps it from starting.
    case $(systemctl is-enabled "$1" 2> /dev/null || true) in
      enabled | enabled-runtime | static | generated | alias) systemctl mask "$1" ;;
    esac
  elif have chkconfig; then
    chkconfig "$1" off
  else
    update-rc.d "$1" disable
  fi
}

finish() {
  [ "$1" = 0 ] || echo "$1 finding(s) are not mended by this script; see its last lines."
  if [ "$failed" -gt 0 ]; then
    echo "$failed step(s) failed; see above." >&2
    exit 1
  fi
  echo 'Every step was carried out. Before this shell ends, type: unset HISTFILE; history -c'
  echo 'Then shut the machine down and capture it; do not use it before.'
  exit 0
}
