#!/usr/bin/env bash
# Uploads a picture, fetches a thumbnail and the details, deletes it: client.sh [URL]
# Needs curl. KEEP=1 leaves the picture on the server.
set -euo pipefail
server=${1:-http://localhost:8080}
server=${server%/}
picture=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/photo.jpg

work=$(mktemp -d)
alias='' token=''
# Whatever fails later, the picture does not stay behind.
clean_up() {
  rm -rf "$work"
  if [ "$token" ] && [ "${KEEP:-}" != 1 ]; then
    curl -sS -o /dev/null -X DELETE "$server/image/delete/$token/$alias"
  fi
}
trap clean_up EXIT

# Sends a request and expects a status: request STATUS FILE curl-arguments...
request() {
  local expected=$1 body=$2 status
  shift 2
  status=$(curl -sS -o "$body" -w '%{http_code}' "$@")
  if [ "$status" != "$expected" ]; then
    echo "error: expected $expected, got $status: $(head -c 500 "$body")" >&2
    exit 1
  fi
}

# The value of a text field of the one file in the reply. Fine for this flat reply; use jq for more.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/upload.json"; }

request 201 "$work/upload.json" -F "images[]=@$picture" "$server/image"
alias=$(field file)
token=$(field delete_token)
echo "uploaded: $(cat "$work/upload.json")"

request 200 "$work/thumbnail.webp" "$server/image/process.webp?src=$alias&thumbnail=200"
echo "thumbnail: $(wc -c <"$work/thumbnail.webp") bytes of WebP"

request 200 "$work/details.json" "$server/image/details/original/$alias"
echo "details: $(cat "$work/details.json")"

if [ "${KEEP:-}" = 1 ]; then
  echo "kept: $server/image/original/$alias"
else
  request 204 "$work/delete" -X DELETE "$server/image/delete/$token/$alias"
  token=''
  echo "deleted: $alias"
fi
