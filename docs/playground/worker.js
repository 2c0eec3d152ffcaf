// The worker in which Python runs. It answers each message, the name of a function and its arguments, by one `done`.

import { json, text } from "./assets.js";

const post = (kind, ...args) => postMessage({ kind, args });
const at = (name) => new URL(name, import.meta.url).href;
const started = start();
started.catch(() => {}); // whoever calls first hears of it

onmessage = async ({ data: { name, args } }) => {
  try {
    const python = await started;
    post("running");
    const [module, function_] = name.split(".");
    post("done", python.pyimport(module)[function_](...args));
  } catch (error) {
    post("crash", error.message);
  }
};

async function start() {
  const sizes = await json("assets.json");
  const names = Object.keys(sizes);
  report(sizes);

  const modules = names.filter((name) => name.endsWith(".py"));
  const [{ loadPyodide }, ...sources] = await Promise.all([
    import(at("pyodide/pyodide.mjs")),
    ...modules.map(text),
  ]);
  const python = await loadPyodide({
    indexURL: at("pyodide/"),
    packages: names.filter((name) => name.endsWith(".whl")).map(at),
  });
  python.registerJsModule("page", { text: post.bind(null, "text"), show: post.bind(null, "show") });
  modules.forEach((name, i) => python.FS.writeFile(name, sources[i]));
  return python;
}

// Counts what arrives through `fetch`, which Pyodide uses too, and tells the page.
function report(sizes) {
  const total = Object.values(sizes).reduce((sum, size) => sum + size);
  const plain = globalThis.fetch;
  let loaded = sizes["pyodide/pyodide.mjs"] + sizes["pyodide/pyodide.asm.mjs"]; // imported, not fetched
  let reported = 0;

  globalThis.fetch = async (...request) => {
    const answer = await plain(...request);
    const counted = answer.body.pipeThrough(
      new TransformStream({
        transform(chunk, controller) {
          loaded += chunk.byteLength;
          if (loaded - reported > total / 100) post("loading", Math.min(1, (reported = loaded) / total));
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(counted, { status: answer.status, statusText: answer.statusText, headers: answer.headers });
  };
}
