// Signs the URL of a variant, for a server with --signing-keys, and prints it:
//   PICTRS_SIGNING_KEYS=id:secret node sign.mjs URL [SECONDS]
// Needs Node 18 or newer and no packages. The URL is refused SECONDS from now; without them it is
// good for as long as the key.
import { createHmac } from "node:crypto";

function encode(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
}

export function signed(url, id, secret, expires) {
  const whole = `${url}${url.includes("?") ? "&" : "?"}${expires ? `expires=${expires}&` : ""}key=${id}`;
  const { pathname, searchParams } = new URL(whole);
  const extension = pathname.match(/\/image\/(?:.*\.)?([a-z]+)$/)[1];
  const text = `${extension}?${[...searchParams].map((pair) => pair.map(encode).join("=")).join("&")}`;
  return `${whole}&signature=${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

const [key] = process.env.PICTRS_SIGNING_KEYS.split(/[,\s]+/);
const colon = key.indexOf(":");
const [url, seconds] = process.argv.slice(2);
const expires = seconds && Math.floor(Date.now() / 1000) + Number(seconds);
console.log(signed(url, key.slice(0, colon), key.slice(colon + 1), expires));
