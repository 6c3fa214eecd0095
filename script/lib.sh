# Shared by the scripts beside it; sourced, not run.

say() { printf '%s\n' "$*" >&2; }

die() {
  say "error: $*"
  exit 1
}

# The feature version of the JDK in a folder, or nothing when there is no whole JDK.
jdk_version() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
}

# Prints the folder of a JDK 25 or newer: JAVA_HOME, then PATH, then where distributions put them.
find_jdk() {
  local candidate version link
  local candidates=()
  [ -n "${JAVA_HOME:-}" ] && candidates+=("$JAVA_HOME")
  if link=$(command -v javac); then
    candidates+=("$(dirname "$(dirname "$(readlink -f "$link")")")")
  fi
  # The likely ones first: asking a JDK takes a quarter of a second.
  for candidate in /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/java/* /opt/jdk* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/*; do
    [ -d "$candidate" ] && candidates+=("$candidate")
  done
  for candidate in "${candidates[@]}"; do
    if [ -f "$candidate/release" ]; then
      version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release")
      [ -x "$candidate/bin/javac" ] || version=
    else
      version=$(jdk_version "$candidate")
    fi
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# Prints the magick or convert on PATH that is ImageMagick; a name alone proves nothing. A script
# that passes its arguments on comes last, as it takes longer to start than many a picture.
find_imagemagick() {
  local folder tool first found=
  local IFS=:
  for folder in $PATH; do
    for tool in magick convert; do
      if [ -x "$folder/$tool" ] && "$folder/$tool" -version 2>/dev/null | grep -q '^Version: ImageMagick'; then
        IFS= read -r -N 2 first <"$folder/$tool" || true
        if [ "$first" != '#!' ]; then
          printf '%s\n' "$folder/$tool"
          return 0
        fi
        found=${found:-$folder/$tool}
      fi
    done
  done
  [ -z "$found" ] || printf '%s\n' "$found"
  [ -n "$found" ]
}

has_imagemagick() { find_imagemagick >/dev/null; }

has_ffmpeg() { command -v ffmpeg >/dev/null && ffmpeg -version 2>/dev/null | grep -q '^ffmpeg version'; }

# The example client in JavaScript uses Node's own fetch and FormData, which 18 brought.
has_node() {
  local version
  version=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')
  [ -n "$version" ] && [ "$version" -ge 18 ]
}

# The serial collector and a heap of 256 MB: pictures never enter the heap whole, so that more would
# only be memory taken from ImageMagick. PICTJ_JAVA_OPTS replaces both.
default_java_opts="-XX:+UseSerialGC -Xmx256m"
