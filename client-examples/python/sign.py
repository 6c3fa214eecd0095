#!/usr/bin/env python3
"""Signs the URL of a variant, for a server with --signing-keys, and prints it.

Usage: PICTRS_SIGNING_KEYS=id:secret sign.py URL [SECONDS]     (standard library only)

The URL is refused SECONDS from now; without them it is good for as long as the key.
"""

import base64
import hashlib
import hmac
import os
import re
import sys
import time
from urllib.parse import parse_qsl, quote, urlsplit


def signed(url, key_id, secret, expires=None):
    url += "&" if urlsplit(url).query else "?"
    if expires is not None:
        url += f"expires={expires}&"
    url += f"key={key_id}"
    parts = urlsplit(url)
    extension = re.search(r"/image/(?:.*\.)?([a-z]+)$", parts.path).group(1)
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    text = extension + "?" + "&".join(
        quote(name, safe="") + "=" + quote(value, safe="") for name, value in parameters
    )
    code = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return url + "&signature=" + base64.urlsafe_b64encode(code).decode().rstrip("=")


if __name__ == "__main__":
    key_id, secret = re.split(r"[,\s]+", os.environ["PICTRS_SIGNING_KEYS"])[0].split(":", 1)
    expires = int(time.time()) + int(sys.argv[2]) if len(sys.argv) > 2 else None
    print(signed(sys.argv[1], key_id, secret, expires))
