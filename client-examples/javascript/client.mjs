// Uploads a picture, prints the reply, deletes it: node client.mjs [URL]
// Needs Node 18 or newer and no packages. KEEP=1 leaves the picture on the server.
import { readFile } from "node:fs/promises";

const server = (process.argv[2] ?? "http://localhost:8080").replace(/\/$/, "");

async function expect(status, response) {
  if (response.status !== status) {
    throw new Error(`expected ${status}, got ${response.status}: ${await response.text()}`);
  }
  return response;
}

async function main() {
  const bytes = await readFile(new URL("../test.png", import.meta.url));
  const form = new FormData();
  form.append("images[]", new Blob([bytes], { type: "image/png" }), "test.png");

  const uploaded = await expect(201, await fetch(`${server}/image`, { method: "POST", body: form }));
  const reply = await uploaded.json();
  console.log(JSON.stringify(reply, null, 2));

  for (const { file, delete_token: token } of reply.files) {
    if (process.env.KEEP === "1") {
      console.log(`kept: ${server}/image/original/${file}`);
    } else {
      await expect(204, await fetch(`${server}/image/delete/${token}/${file}`, { method: "DELETE" }));
      console.log(`deleted: ${file}`);
    }
  }
}

main().catch((error) => {
  console.error(`error: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
});
