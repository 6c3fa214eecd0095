// Prints the thumbhash of each picture that a file tells, a line "WIDTH HEIGHT RGBA-IN-BASE64"
// each, by the reference implementation: node thumbhash.mjs FILE
import { readFileSync } from "node:fs";
import { rgbaToThumbHash } from "thumbhash";

for (const line of readFileSync(process.argv[2], "utf8").trim().split("\n")) {
  const [width, height, rgba] = line.split(" ");
  const hash = rgbaToThumbHash(Number(width), Number(height), Buffer.from(rgba, "base64"));
  console.log(Buffer.from(hash).toString("base64"));
}
