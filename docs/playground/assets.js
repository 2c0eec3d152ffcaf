// What lies beside the pages of the playground: its own Python, Pyodide, wheels, lessons. Names are relative to
// `playground/`. Who asks for a file that is not there gets an error that names it.

const HERE = document.currentScript.src; // this file is part of mount.js

export const text = async (name) => (await answer(name)).text();
export const json = async (name) => (await answer(name)).json();

// `received` is told how many bytes have come each time that some have.
export async function bytes(name, received = () => {}) {
  const { body } = await answer(name);
  const transform = (chunk, controller) => {
    received(chunk.byteLength);
    controller.enqueue(chunk);
  };
  return new Uint8Array(await new Response(body.pipeThrough(new TransformStream({ transform }))).arrayBuffer());
}

async function answer(name) {
  const answer = await fetch(await source(name)).catch((error) => {
    throw new Error(`${name}: ${error.message}`);
  });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer;
}

// The address of what lies beside the pages.
export const address = (name) => new URL(name, HERE).href;

// A link to a page of the site: from a disk, a folder would list its files.
export const page = (href) => (window.packed ? href.replace(/\/(?=#|$)/, "/index.html") : href);

// The address that a file can be fetched from. In the bundle that is made for disks, from which nothing can be fetched,
// each file is packed into a script, which puts it into `packed` as an address that holds it.
export const source = async (name) => (window.packed ? unpacked(name) : address(name));

function unpacked(name) {
  const script = Object.assign(document.createElement("script"), { src: address(`${name}.js`) });
  document.head.append(script);
  return new Promise((resolve, reject) => {
    script.onload = () => resolve(window.packed[name]);
    script.onerror = () => reject(new Error(`${name}: not there`));
  }).finally(() => {
    script.remove();
    delete window.packed[name];
  });
}
