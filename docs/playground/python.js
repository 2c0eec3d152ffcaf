// Python as the page sees it: functions to call one at a time, in a worker that may be stopped or crash at any moment.

import { source } from "./assets.js";
import { runtime } from "./runtime.js";

export class Stopped extends Error {}
export class Crashed extends Error {}

export class Python {
  // `on` has the functions `loading(fraction)`, `running(words)`, `text(stream, text)`, `show(kind, markup)`, and
  // `ask()`, which is to be followed by `answer(text)`.
  constructor(on) {
    this.on = on;
    this.worker = null;
    this.call = null;
  }

  // Calls a function of a module, such as `session.run`, which answers in JSON or not at all. Nothing is fetched before
  // the first call.
  run(name, ...args) {
    if (!this.worker) this.start();
    this.worker.then((worker) => worker.postMessage({ name, args }), () => {});
    return new Promise((resolve, reject) => {
      this.call = { resolve, reject };
    });
  }

  answer(text) {
    this.worker?.then((worker) => worker.postMessage({ answer: text }));
  }

  // Ends Python, and starts it again for the next call.
  stop() {
    this.end();
    this.settle("reject", new Stopped("Stopped"));
    this.start();
  }

  start() {
    const starting = startWorker((fraction) => this.call && this.on.loading?.(fraction));
    this.worker = starting;
    const current = () => starting === this.worker; // and not ended meanwhile
    starting.then(
      (worker) => {
        worker.onmessage = ({ data: { kind, args } }) => {
          if (!current()) return;
          if (kind === "done") this.finish(...args);
          else if (kind === "crash") this.crash(...args);
          else if (this.call) this.on[kind]?.(...args);
        };
        worker.onerror = (event) => {
          event.preventDefault();
          if (current()) this.crash(event.message ?? "the worker could not be loaded");
        };
      },
      (error) => current() && this.crash(error.message),
    );
  }

  finish(answer, last) {
    if (last) this.end();
    try {
      this.settle("resolve", JSON.parse(answer ?? "null"));
    } catch {
      this.crash("its memory is damaged"); // what came back was no text of ours
    }
  }

  crash(reason) {
    this.end();
    this.settle("reject", new Crashed(reason));
  }

  end() {
    this.worker?.then((worker) => worker.terminate(), () => {});
    this.worker = null;
  }

  settle(how, value) {
    const { call } = this;
    this.call = null;
    call?.[how](value);
  }
}

// A worker that has been given its files. `loading` is told the fraction of them that is there.
async function startWorker(loading) {
  const files = await runtime(loading);
  const worker = new Worker(await source("worker.js"), { type: "module" });
  worker.postMessage(files);
  return worker;
}
