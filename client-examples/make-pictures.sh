#!/usr/bin/env bash
# Makes the test pictures beside it with ImageMagick 6 or 7: client-examples/make-pictures.sh
# Everything is drawn from formulas, with a fixed seed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Some other programs are called convert too: take the first that is ImageMagick.
magick=
for candidate in $(type -ap magick convert); do
  if "$candidate" -version 2>/dev/null | grep -q '^Version: ImageMagick'; then
    magick=$candidate
    break
  fi
done
[ -n "$magick" ] || {
  echo "error: ImageMagick is needed to make the pictures" >&2
  exit 1
}

# A JPEG with a comment segment, which the server must drop.
"$magick" -seed 7 -size 1200x900 plasma:steelblue-goldenrod -blur 0x3 \
  -fill 'rgba(255,255,255,0.85)' -draw 'circle 840,330 840,190' \
  -fill 'rgba(20,40,60,0.9)' -draw 'polygon 0,900 330,430 560,720 760,520 1200,900' \
  -set comment 'Drawn for the examples of pictj' -quality 82 jpeg:photo.jpg

# An animated GIF: a spoke that turns once in twelve steps.
frames=()
for step in 0 1 2 3 4 5 6 7 8 9 10 11; do
  frames+=('(' -size 200x200 xc:'#102840'
    -fill none -stroke '#406080' -strokewidth 3 -draw 'circle 100,100 100,15'
    -stroke '#ffc040' -strokewidth 12
    -draw "translate 100,100 rotate $((step * 30)) line 0,0 0,-70" ')')
done
"$magick" -delay 8 -loop 0 "${frames[@]}" +dither -colors 32 -layers Optimize gif:spin.gif

# A lossy WebP.
"$magick" -size 550x368 gradient:'#203060-#f0a060' \
  -fill '#f8e0a0' -draw 'circle 400,215 400,165' \
  -fill '#182838' -draw 'rectangle 0,270 550,368' \
  -fill '#283c50' -draw 'ellipse 140,290 190,70 180,360' \
  -quality 80 webp:scene.webp

# A PNG with transparency.
"$magick" -size 640x360 xc:none \
  -fill 'rgba(220,60,60,0.8)' -draw 'circle 240,150 240,40' \
  -fill 'rgba(60,160,80,0.6)' -draw 'circle 400,150 400,40' \
  -fill 'rgba(60,90,220,0.5)' -draw 'circle 320,240 320,130' \
  -define png:exclude-chunks=date,time -strip PNG32:test.png
