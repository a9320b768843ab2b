# --- packages and services ---

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

# What tidy must know before the first package is changed.
before_installing() {
  if [ ! -e "$scratch/installed" ]; then
    ls /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub > "$scratch/keys" 2> /dev/null || true
    : > "$scratch/installed"
  fi
}

# upgrade_packages: every package to the newest version, the kernel included.
upgrade_packages() {
  before_installing
  if have apt-get; then
    once updated apt update || true
    keep_services_down
    apt dist-upgrade
  elif have dnf || have yum; then
    "$(command -v dnf || command -v yum)" -y upgrade
  elif have zypper; then
    zypper -n update --no-recommends
  elif have tdnf; then
    tdnf -y update
  else
    echo 'no package manager was found' >&2
    return 1
  fi
}

# finish_packages: what dpkg left half installed is configured, or installed again with what it needs.
finish_packages() {
  before_installing
  keep_services_down
  DEBIAN_FRONTEND=noninteractive dpkg --force-confold --configure -a || true
  once updated apt update || true
  apt -f install
}

# install_package NAME…: installs the first NAME that the package manager knows, or its newest version; its missing files come back.
install_package() {
  before_installing
  for name in "$@"; do
    if have apt-get; then
      once updated apt update || true
      keep_services_down
      apt-cache policy "$name" 2> /dev/null | grep -q 'Candidate: [^(]' || continue
      # What somebody removed by force is mended first where it stands in the way.
      apt --no-install-recommends --reinstall install "$name" ||
        { apt -f install && apt --no-install-recommends --reinstall install "$name"; }
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
