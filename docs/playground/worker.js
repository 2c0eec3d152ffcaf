// The worker in which Python runs. Its first message holds all files that it needs. Those after that have the name of a
// function and its arguments, answered by one `done`, which says whether this was the last call that can be answered; or
// while Python waits for it the `answer` to an `ask`.

import { loadPyodide } from "pyodide";
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import { info } from "pyodide/pyodide-lock.json";

const FILES = "memory:/";
const SAFE = 2 ** 31; // bytes of memory; Pyodide takes addresses beyond for negative ones, and memory never gets smaller

const post = (kind, ...args) => postMessage({ kind, args });
const CAN_WAIT = "Suspending" in WebAssembly; // Python can stop in the middle, until there is an answer to `ask`
let started;
let answered; // takes the answer

onmessage = ({ data: files }) => {
  started = start(files);
  started.catch(() => {}); // whoever calls first hears of it
  onmessage = ({ data }) => ("answer" in data ? answered(data.answer) : call(data));
};

async function call({ name, args }) {
  try {
    const python = await started;
    post("running", "Running");
    const [module, function_] = name.split(".");
    const called = python.pyimport(module)[function_];
    const result = await (CAN_WAIT ? called.callPromising(...args) : called(...args));
    post("done", result, python._module.HEAPU8.length > SAFE);
  } catch (error) {
    post("crash", error.message);
  }
}

function ask() {
  post("ask");
  return new Promise((resolve) => (answered = resolve));
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
  const page = Object.fromEntries(["running", "text", "show"].map((kind) => [kind, post.bind(null, kind)]));
  python.registerJsModule("page", { ...page, ask });
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
