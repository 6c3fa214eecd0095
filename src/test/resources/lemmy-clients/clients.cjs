// Uploads, shows and deletes a picture by lemmy-js-client of a line of Lemmy, and prints what the
// client has made of the answers: node clients.cjs LINE URL FILE
const { readFileSync } = require("node:fs");

const [line, url, file] = process.argv.slice(2);
const { LemmyHttp } = require(`lemmy-${line}`);
const client = new LemmyHttp(url, { headers: { Authorization: "Bearer a.b.c" } });
const picture = readFileSync(file);
const words = Buffer.from("no picture");

const status = async (where) => (await fetch(where)).status;

async function upTo019() {
  const auth = "a.b.c";
  const uploaded = await client.uploadImage({ image: picture, auth });
  const seen = await status(uploaded.url);
  const thumbnail = await status(`${uploaded.url}?thumbnail=96&format=webp`);
  let deleted;
  if (client.deleteImage) {
    const { file: filename, delete_token: token } = uploaded.files[0];
    deleted = await client.deleteImage({ token, filename });
  } else {
    deleted = (await status(uploaded.delete_url)) === 204;
  }
  const refused = await client.uploadImage({ image: words, auth });
  return { uploaded, seen, thumbnail, deleted, gone: await status(uploaded.url), refused };
}

async function v1() {
  const uploaded = await client.uploadImage({ image: picture });
  const { image_url, filename } = uploaded.data;
  const seen = await status(image_url);
  const thumbnail = await status(`${image_url}?max_size=96`);
  const avatar = await client.uploadUserAvatar({ image: picture });
  const health = await client.imageHealth();
  const deleted = await client.deleteMedia({ filename });
  const refused = await client.uploadImage({ image: words });
  return {
    uploaded, seen, thumbnail, avatar, health: health.state, deleted: deleted.state,
    gone: await status(image_url), refused: { state: refused.state, error: String(refused.err) },
  };
}

(line === "1.0" ? v1() : upTo019()).then((result) => console.log(JSON.stringify(result)));
