// Python as the page sees it: functions to call one at a time, in a worker that may be stopped or crash at any moment.

export class Stopped extends Error {}
export class Crashed extends Error {}

export class Python {
  // `on` has the functions `loading(fraction)`, `running()`, `text(stream, text)` and `show(kind, markup)`.
  constructor(on) {
    this.on = on;
    this.worker = null;
    this.call = null;
  }

  // Calls a function of a module, such as `session.run`. Nothing is fetched before the first call.
  run(name, ...args) {
    if (!this.worker) this.start();
    return new Promise((resolve, reject) => {
      this.call = { resolve, reject };
      this.worker.postMessage({ name, args });
    });
  }

  // Ends Python, and starts it again for the next call if `again`.
  stop(again = true) {
    this.worker?.terminate();
    this.worker = null;
    this.settle("reject", new Stopped("Stopped"));
    if (again) this.start();
  }

  start() {
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.worker = worker;
    worker.onmessage = ({ data: { kind, args } }) => {
      if (worker !== this.worker) return; // sent before it was ended
      if (kind === "done") this.settle("resolve", ...args);
      else if (kind === "crash") this.crash(...args);
      else if (this.call) this.on[kind]?.(...args);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.crash(event.message ?? "the files could not be loaded");
    };
  }

  crash(reason) {
    this.worker?.terminate();
    this.worker = null;
    this.settle("reject", new Crashed(reason));
  }

  settle(how, value) {
    const { call } = this;
    this.call = null;
    call?.[how](value);
  }
}
