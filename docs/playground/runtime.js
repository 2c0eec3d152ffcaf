// All that Python needs, fetched once for as long as the page is open: Pyodide, wheels, the playground's own Python.

import { bytes, json } from "./assets.js";

let files = null;

// The files by their names. `loading` is told the fraction that is there, at each percent.
export async function runtime(loading) {
  files ??= fetchAll(loading);
  try {
    return await files;
  } catch (error) {
    files = null; // tried again the next time
    throw error;
  }
}

async function fetchAll(loading) {
  const sizes = Object.entries(await json("assets.json"));
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  let [loaded, reported] = [0, 0];

  function received(count) {
    loaded += count;
    if (loaded - reported > total / 100) loading((reported = loaded) / total);
  }

  return Object.fromEntries(await Promise.all(sizes.map(async ([name]) => [name, await bytes(name, received)])));
}
