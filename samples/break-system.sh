# The faults of BrokenAppliance that are inside its system. Sourced by break-disks.sh and by the table of faults of real systems.
# shellcheck shell=bash

# break_system AT: puts all of them on the system mounted at AT.
break_system() {
  local at=$1 key
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
  key=$(mktemp -u)
  ssh-keygen -q -t ed25519 -N '' -C builder@contoso -f "$key"
  install -m 600 -o 1000 -g 1000 "$key.pub" "$at/home/builder/.ssh/authorized_keys"
  rm "$key" "$key.pub"
  printf 'apt update\napt install -y waagent\nvi /etc/fstab\n' > "$at/root/.bash_history"
  printf 'sudo -i\n' > "$at/home/builder/.bash_history"
  # Never generalised.
  rm -f "$at/etc/resolv.conf"
  printf 'nameserver 192.168.1.1\nsearch contoso.lan\n' > "$at/etc/resolv.conf"
  printf '4f1c0c3f5f7d4c1d8e0c6e2b9a7d5e31\n' > "$at/etc/machine-id"
  sed -i -e 's/^Provisioning.RegenerateSshHostKeyPair=y/Provisioning.RegenerateSshHostKeyPair=n/' \
    -e 's/^Provisioning.DeleteRootPassword=y/Provisioning.DeleteRootPassword=n/' "$at/etc/waagent.conf"
  ssh-keygen -q -t ed25519 -N '' -C root@contoso -f "$at/etc/ssh/ssh_host_ed25519_key"
  mkdir -p "$at/var/lib/waagent"
  echo '4f1c0c3f-5f7d-4c1d-8e0c-6e2b9a7d5e31' > "$at/var/lib/waagent/provisioned"
  # The agent is installed but never starts.
  rm "$at/etc/systemd/system/multi-user.target.wants/walinuxagent.service"
}
