// The worker in which Python runs. Its first message holds all files that it needs. It answers each one after that, the
// name of a function and its arguments, by one `done`.

import { loadPyodide } from "pyodide";
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import { info } from "pyodide/pyodide-lock.json";

const FILES = "memory:/";

const post = (kind, ...args) => postMessage({ kind, args });
let started;

onmessage = ({ data: files }) => {
  started = start(files);
  started.catch(() => {}); // whoever calls first hears of it
  onmessage = answer;
};

async function answer({ data: { name, args } }) {
  try {
    const python = await started;
    post("running");
    const [module, function_] = name.split(".");
    post("done", python.pyimport(module)[function_](...args));
  } catch (error) {
    post("crash", error.message);
  }
}

async function start(files) {
  serve(files);
  const names = Object.keys(files);
  const python = await loadPyodide({
    createPyodideModule,
    indexURL: `${FILES}pyodide/`,
    lockFileContents: { info, packages: {} }, // none of what Pyodide offers is here
    packages: names.filter((name) => name.endsWith(".whl")).map((name) => FILES + name),
  });
  python.registerJsModule("page", { text: post.bind(null, "text"), show: post.bind(null, "show") });
  for (const name of names) if (name.endsWith(".py")) python.FS.writeFile(name, files[name]);
  return python;
}

// Pyodide fetches its files. Here that reaches those in memory, and nothing else.
function serve(files) {
  globalThis.fetch = async (address) => {
    const file = files[String(address).replace(FILES, "")];
    return new Response(file, { status: file ? 200 : 404, headers: { "content-type": "application/wasm" } });
  };
}
