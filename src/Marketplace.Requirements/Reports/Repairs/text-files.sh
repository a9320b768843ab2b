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

# shows_key COMMENT KEY: whether a comment is KEY=... and no sentence that begins with it.
shows_key() {
  case ${1#*=} in
    *[![:space:]]*[[:space:]]*[![:space:]]*) return 1 ;;
  esac
  sets_key "$1" "$2"
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
      case $stripped in '#'*) shows_key "${stripped#"#"}" "$2" && shown=1 ;; esac
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
            if shows_key "${stripped#"#"}" "$2"; then
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
