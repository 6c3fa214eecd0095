#!/usr/bin/env bash
# Opens a shell in a container that has everything to build and run pictj:
#   docker/dev/dev.sh [amd64|arm64v8]
# The repository is at /opt/build/repo, its data/ also at /mnt, port 8080 is the host's 8080.
# Inside: check (format, warnings, Error Prone), build (the jar), run -p data/ (the server).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

usage() {
  echo "usage: docker/dev/dev.sh [amd64|arm64v8]" >&2
  exit 1
}

[ $# -le 1 ] || usage
case "${1:-}" in
  amd64) platform=linux/amd64 ;;
  arm64v8) platform=linux/arm64/v8 ;;
  "") platform= ;;
  *) usage ;;
esac

command -v docker >/dev/null || {
  echo "error: dev.sh needs Docker; without it use script/server and script/test" >&2
  exit 1
}

image=pictj-dev${1:+:$1}
options=()
[ -z "$platform" ] || options+=(--platform "$platform")

docker build "${options[@]}" --build-arg "UID=$(id -u)" --build-arg "GID=$(id -g)" \
  -f "$here/Dockerfile" -t "$image" "$root"

# Made here, so that they belong to who calls, not to Docker. The volume keeps what Maven fetched.
mkdir -p "$root/data" "$here/volumes/home-maven"

# Without a terminal, as in CI, docker refuses -t.
terminal=(-i)
[ ! -t 0 ] || terminal+=(-t)
exec docker run --rm "${terminal[@]}" "${options[@]}" \
  -p 127.0.0.1:8080:8080 \
  -v "$root:/opt/build/repo" \
  -v "$root/data:/mnt" \
  -v "$here/volumes/home-maven:/opt/build/maven" \
  "$image"
