// Runs the script of the HTML example as a browser would, with the few parts of a page it touches,
// against a real server: node page.mjs <index.html> <server> <picture>
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import vm from "node:vm";

const [page, server, picture] = process.argv.slice(2);
const html = await readFile(page, "utf8");

class Element {
  constructor(tag) {
    this.tag = tag;
    this.children = [];
    this.listeners = {};
    this.textContent = "";
  }
  append(...nodes) {
    nodes.forEach((node) => {
      node.parent = this;
      this.children.push(node);
    });
  }
  remove() {
    this.parent.children = this.parent.children.filter((child) => child !== this);
  }
  addEventListener(type, listener) {
    this.listeners[type] = listener;
  }
  querySelector(tag) {
    return this.children.find((child) => child.tag === tag);
  }
  reset() {}
  async fire(type) {
    let prevented = false;
    await this.listeners[type]({ preventDefault: () => (prevented = true) });
    return prevented;
  }
}

const form = new Element("form");
form.action = new URL(html.match(/<form action="([^"]+)" method="post"/)[1], server).href;
const field = html.match(/<input id="files" type="file" name="([^"]+)" multiple/)[1];
const status = new Element("p");
const pictures = new Element("div");
const found = { form, "#status": status, "#pictures": pictures };
for (const id of ["status", "pictures"]) {
  if (!html.includes(`id="${id}"`)) throw new Error(`the page has no ${id}`);
}
const requests = [];

vm.runInNewContext(html.match(/<script>([\s\S]*)<\/script>/)[1], {
  document: {
    querySelector: (selector) => found[selector],
    createElement: (tag) => new Element(tag),
  },
  location: new URL("/upload.html", server),
  FormData: class extends FormData {
    constructor() {
      super();
      this.append(field, chosen, basename(picture));
    }
  },
  fetch: (path, options) => {
    requests.push(`${options.method} ${new URL(path, server).pathname}`);
    return fetch(new URL(path, server), options);
  },
  encodeURIComponent,
});

function expect(holds, what) {
  if (!holds) {
    throw new Error(`${what}; the page says: ${status.textContent}; it asked: ${requests}`);
  }
}

let chosen = new Blob([await readFile(picture)]);
expect(await form.fire("submit"), "the browser would have left the page");
expect(status.textContent === "1 uploaded", "the upload is not reported");
const [figure] = pictures.children;
const [link, remove] = figure.children;
const thumbnail = await fetch(new URL(link.children[0].src, server));
expect(thumbnail.headers.get("content-type") === "image/jpeg", "there is no thumbnail");
const original = new URL(link.href, server);
expect((await fetch(original)).status === 200, "the original is not there");
await remove.fire("click");
expect(status.textContent === "Deleted" && pictures.children.length === 0, "nothing was deleted");
expect((await fetch(original)).status === 404, "the picture is still there");

chosen = new Blob(["no picture at all"]);
await form.fire("submit");
expect(/^Not uploaded: ./.test(status.textContent), "the refusal is not shown");
console.log("the page works");
