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

have() { command -v "$1" > /dev/null 2>&1; }

# once NAME COMMAND…: runs COMMAND the first time it is asked for.
once() {
  [ ! -e "$scratch/$1" ] || return 0
  mark=$scratch/$1
  shift
  "$@" && : > "$mark"
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
