# Shared by the scripts beside it; sourced, not run.

say() { printf '%s\n' "$*" >&2; }

die() {
  say "error: $*"
  exit 1
}

# The version of the JDK in a folder, such as 25.0.3, or nothing when there is no whole JDK.
jdk_version() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  if [ -f "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9.]*\).*/\1/p' "$1/release"
  else
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9.]*\).*/\1/p'
  fi
}

# The first number of a version: 25 of 25.0.3.
major_of() { printf '%s\n' "${1%%.*}"; }

# Whether a JDK of this version wakes all its threads: before 25.0.3 a virtual thread could stay
# parked for ever (JDK-8369227), and with it the request that it served.
is_sound() {
  local major minor update
  IFS=. read -r major minor update _ <<<"$1"
  [ "$major" -gt 25 ] || { [ "$major" = 25 ] && { [ "${minor:-0}" -gt 0 ] || [ "${update:-0}" -ge 3 ]; }; }
}

# Where script/fetch-jdk puts a JDK.
tools_folder=$(dirname "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)")/.tools

# Where distributions put JDKs, the likely ones first: asking a JDK can take a quarter of a second.
jdk_folders=${PICTJ_JDK_FOLDERS-/usr/lib/jvm/*25* /usr/lib/jvm/* /opt/java/* /opt/jdk*}

jdk_advice="Install a JDK 25.0.3 or newer (such as Eclipse Temurin 25) below /usr/lib/jvm, or set JAVA_HOME to it."

# Prints the folder of the first JDK 25.0.3 or newer: JAVA_HOME, then PATH, then what
# script/fetch-jdk has fetched, then where others put them. Without such a one it is the first JDK 25.
find_jdk() {
  local candidate version link old=
  local candidates=()
  [ -n "${JAVA_HOME:-}" ] && candidates+=("$JAVA_HOME")
  if link=$(command -v javac); then
    candidates+=("$(dirname "$(dirname "$(readlink -f "$link")")")")
  fi
  for candidate in "$tools_folder"/jdk-* $jdk_folders \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/*; do
    [ -d "$candidate" ] && candidates+=("$candidate")
  done
  for candidate in "${candidates[@]}"; do
    version=$(jdk_version "$candidate")
    if [ -n "$version" ] && [ "$(major_of "$version")" -ge 25 ]; then
      if is_sound "$version"; then
        printf '%s\n' "$candidate"
        return 0
      fi
      old=${old:-$candidate}
    fi
  done
  [ -z "$old" ] || printf '%s\n' "$old"
  [ -n "$old" ]
}

# Prints the magick or convert on PATH that is ImageMagick; a name alone proves nothing. A script
# that passes its arguments on comes last, as it takes longer to start than many a picture.
find_imagemagick() {
  local folder tool first found=
  local IFS=:
  for folder in $PATH; do
    for tool in magick convert; do
      if [ -x "$folder/$tool" ] && [[ $("$folder/$tool" -version 2>/dev/null) == 'Version: ImageMagick'* ]]; then
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

# Where servers are, too, outside of an administrator's PATH.
PICTJ_SYSTEM_FOLDERS=${PICTJ_SYSTEM_FOLDERS:-/usr/sbin:/sbin}

has_program() { PATH="$PATH:$PICTJ_SYSTEM_FOLDERS" command -v "$1" >/dev/null; }

# An nginx that can cut what it fetches into slices, as the common set-up in front does.
has_nginx() { [[ $(PATH="$PATH:$PICTJ_SYSTEM_FOLDERS" nginx -V 2>&1) == *http_slice_module* ]]; }

# Outside of an administrator's PATH ldconfig is found in its usual places.
# Not through grep -q, which hangs up on whoever still writes, and then the pipe has failed.
has_library() { [[ $(PATH="$PATH:$PICTJ_SYSTEM_FOLDERS" ldconfig -p 2>/dev/null) == *"$1 "* ]]; }

has_libvips() { has_library libvips.so.42; }

# Where Debian's libraries are that have plugins.
PICTJ_LIBRARY_FOLDER=${PICTJ_LIBRARY_FOLDER:-/usr/lib/$(uname -m)-linux-gnu}

# Debian's names of the codecs of libheif that are missing, where they are packages of their own.
missing_heif_codecs() {
  local plugins=$PICTJ_LIBRARY_FOLDER/libheif/plugins
  [ -d "$plugins" ] || return 0
  [ -e "$plugins/libheif-aomenc.so" ] || printf 'libheif-plugin-aomenc\n'
  [ -e "$plugins/libheif-dav1d.so" ] || [ -e "$plugins/libheif-aomdec.so" ] || printf 'libheif-plugin-dav1d\n'
  [ -e "$plugins/libheif-libde265.so" ] || printf 'libheif-plugin-libde265\n'
}

# Whether this is the C library that most distributions have, and not musl, as on Alpine.
is_glibc() { getconf GNU_LIBC_VERSION >/dev/null 2>&1; }

has_turbojpeg() { has_library libturbojpeg.so.0; }

# Ubuntu and what is made of it call the package of TurboJPEG differently from Debian.
turbojpeg_package() {
  if grep -qE '^(ID|ID_LIKE)=.*ubuntu' "${1:-/etc/os-release}" 2>/dev/null; then
    printf 'libturbojpeg\n'
  else
    printf 'libturbojpeg0\n'
  fi
}

# With its ffprobe, which some builds of one file leave out.
has_ffmpeg() {
  command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null && [[ $(ffmpeg -version 2>/dev/null) == 'ffmpeg version'* ]]
}

# The example client in JavaScript uses Node's own fetch and FormData, which 18 brought.
has_node() {
  local version
  version=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')
  [ -n "$version" ] && [ "$version" -ge 18 ]
}

# What a first build takes on a small machine, in seconds: fetching so many files, compiling, packing.
# Only the shares matter; how fast this machine is shows while it builds.
fetched_files=700 fetching_time=30 compiling_time=40 packing_time=10

# Puts the seconds that have passed since the script began into $seconds.
now() { seconds=$SECONDS; }

# Puts the share of a build that is done, in percent, and the seconds that it will still take into
# $share and $left. $1 is the number of files that were fetched, $2 and $3 are the seconds since
# compiling and packing began, where they have, $4 those since the build began, and $5 the most that
# may be left, as said before. What the steps so far took, against what they should have, tells what
# the others will take. One that takes longer than that comes nearer to its end ever more slowly.
estimate_build() {
  local fetched took=0 should=0 pace=100 step
  # In tenths of a second.
  fetched=$((10 * fetching_time * ($1 < fetched_files ? $1 : fetched_files) / fetched_files))
  if [ -z "$2" ]; then
    left=$((fetched > 0 ? (10 * (fetching_time + compiling_time + packing_time) - fetched) * $4 / fetched : 0))
    share=$((10 * fetched / (fetching_time + compiling_time + packing_time)))
    return
  fi
  # A few files tell nothing.
  if [ "$1" -ge $((fetched_files / 10)) ]; then took=$(($4 - $2)) should=$fetched; fi
  if [ -n "$3" ]; then took=$((took + $2 - $3)) should=$((should + 10 * compiling_time)); fi
  [ "$should" = 0 ] || pace=$((1000 * took / should))
  if [ -z "$3" ]; then
    step=$((compiling_time * pace / 100 + 1))
    left=$((step * step / (2 * $2 + step) + packing_time * pace / 100))
  else
    step=$((packing_time * pace / 100 + 1))
    left=$((step * step / (2 * $3 + step)))
  fi
  if [ -n "${5:-}" ] && [ "$left" -gt "$5" ]; then left=$5; fi
  share=$(($4 > 0 ? 100 * $4 / ($4 + left + 1) : 0))
}

# Puts such as "41 %, about 2 min left" into $words, of a share and the seconds that are left, as
# exact as an estimate is.
words_of() {
  words="$1 %"
  # Little of it says nothing of the rest.
  [ "$1" -ge 10 ] || return 0
  if [ "$2" -ge 90 ]; then words+=", about $((($2 + 30) / 60)) min left"; else words+=", about $(($2 / 5 * 5 + 5)) s left"; fi
}

# Says which steps of a build have begun, of all that Maven says, and how far it is: on a terminal a
# bar, elsewhere a line every half minute.
build_steps() {
  local line status rest= step= said= files=0 compiling= packing= clear=
  local seconds begun shown share left words bar most=
  [ ! -t 2 ] || clear=$'\r\033[K'
  now
  begun=$seconds shown=$seconds
  # Maven is silent while it compiles, and the time goes on.
  while
    status=0
    IFS= read -r -t 1 line || status=$?
    [ "$status" = 0 ] || [ "$status" -gt 128 ]
  do
    if [ "$status" = 0 ]; then
      line=$rest$line rest=
    else
      rest+=$line line=
    fi
    case $line in
      '') ;;
      *'Downloaded from '*) step="fetching libraries" files=$((files + 1)) ;;
      *':compile '*) step=compiling ;;
      *':shade '*) step="packing the jar" ;;
      *) continue ;;
    esac
    now
    case $step in
      compiling) compiling=${compiling:-$seconds} ;;
      packing*) packing=${packing:-$seconds} ;;
    esac
    if [[ $said != *"$step"* ]]; then
      say "$clear  $step"
      said+=$step
    fi
    estimate_build "$files" "${compiling:+$((seconds - compiling))}" "${packing:+$((seconds - packing))}" $((seconds - begun)) "$most"
    [ -z "$compiling" ] || most=$left
    words_of "$share" "$left"
    if [ -n "$clear" ]; then
      printf -v bar '%*s' $((share / 4)) ''
      printf '%s  [%-25s] %s' "$clear" "${bar// /=}" "$words" >&2
    elif [ $((seconds - shown)) -ge 30 ]; then
      shown=$seconds
      say "  $words"
    fi
  done
  printf '%s' "$clear" >&2
}

# Builds target/pictj.jar below a root with a JDK, unless it is there and newer than its sources.
build() {
  local root=$1 jdk=$2 jar=$1/target/pictj.jar log
  if [ -f "$jar" ] && [ -z "$(find "$root/src/main" "$root/pom.xml" -newer "$jar" -print -quit)" ]; then
    return 0
  fi
  say "Building pictj, once; the first time this fetches its libraries."
  log=$(mktemp)
  if ! (cd "$root" && JAVA_HOME=$jdk PATH=$jdk/bin:$PATH mvn -B -Dmaven.test.skip=true -Dformat.skip=true package) 2>&1 | tee "$log" | build_steps; then
    cat "$log" >&2
    rm -f "$log"
    die "the build failed, see above"
  fi
  rm -f "$log"
}

# Prints the data folder that these arguments of a server, or the environment, name.
data_folder() {
  local folder=${PICTRS_PATH:-${PICTRS__PATH:-}}
  while [ $# -gt 0 ]; do
    case $1 in
      -p | --path) folder=${2:-} ;;
      --path=*) folder=${1#--path=} ;;
      -p?*) folder=${1#-p} ;;
    esac
    shift
  done
  printf '%s\n' "$folder"
}

# Prints the process that has locked the catalog of a data folder, where there is one and this user
# may see it. /proc/locks knows files by their numbers, which those on other disks may have too.
server_of() {
  local lock=$1/catalog/LOCK inode process file
  inode=$(stat -c %i "$lock" 2>/dev/null) || return 0
  while read -r _ _ _ _ process file _; do
    if [[ $file == *:"$inode" && -d /proc/$process/fd ]]; then
      for file in "/proc/$process/fd"/*; do
        if [ "$file" -ef "$lock" ]; then
          printf '%s\n' "$process"
          return 0
        fi
      done
    fi
  done </proc/locks
}

# The options of the JVM stand in a file, which java reads itself. PICTJ_JAVA_OPTS replaces all of
# them.
default_java_opts=@$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/jvm.options

# The ahead-of-time cache of a jar: what the JVM learnt about it in a rehearsal.
cache_of() { printf '%s\n' "${1%.jar}.aot"; }

# The folder with RocksDB's library, which a start would otherwise unpack from the jar each time.
libraries_of() { printf '%s\n' "$(dirname "$1")/native"; }

# Whether a jar has a cache that was made for it as it is.
has_cache() { [ -s "$(cache_of "$1")" ] && [ "$(cache_of "$1")" -nt "$1" ]; }

# Rehearses a jar with a JDK once, where its folder can be written. Without the cache everything
# works, only slower at first; an empty one says that it was tried.
make_cache() {
  local jdk=$1 jar=$2 cache
  cache=$(cache_of "$jar")
  if [ "$cache" -nt "$jar" ] || [ ! -w "$(dirname "$jar")" ]; then
    return 0
  fi
  say "Rehearsing, once, so that later starts are fast."
  (
    # Under its name only when it is whole: a server does not start with half a cache, and another
    # start may be rehearsing too. Nothing is left of one that is cut short.
    learnt=$cache.$BASHPID
    trap 'rm -f "$learnt" "$learnt.config"' EXIT
    trap 'exit 1' HUP INT TERM
    if ! "$jdk/bin/java" "$default_java_opts" -XX:AOTCacheOutput="$learnt" -jar "$jar" rehearse "$(libraries_of "$jar")" >/dev/null 2>&1 ||
      [ ! -s "$learnt" ]; then
      say "That did not work; starts take a little longer."
      : >"$learnt"
    fi
    mv -f "$learnt" "$cache"
  )
}

# Settings that only an environment can carry: fewer pools of memory in the C library, RocksDB need
# not start four programs to find out which C library this is, and TurboJPEG 2 writes small files.
export_native_settings() {
  export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
  export TJ_OPTIMIZE=${TJ_OPTIMIZE:-1}
  if is_glibc; then
    export ROCKSDB_MUSL_LIBC=${ROCKSDB_MUSL_LIBC:-false}
  fi
}

# Prints the totals of the unit and the integration tests, which Maven prints far apart, and in
# colour where somebody's settings say so. $1 is what Maven said.
totals() {
  sed $'s/\033\\[[0-9;]*m//g' "$1" |
    grep -E '^\[[A-Z]+\] Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+$' || true
}

# Prints the share of lines that tests have run, where there is a report of JaCoCo's; $1 is its table.
coverage() {
  [ ! -f "$1" ] || awk -F, '
    NR > 1 { missed += $8; run += $9 }
    END { printf "Line coverage: %.1f %% (%d of %d)\n", 100 * run / (missed + run), run, missed + run }' "$1"
}
