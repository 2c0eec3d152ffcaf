// The page with the editor: the reader's code on one side, and what it prints and shows on the other.

import { editor } from "./editor.js";
import { Output } from "./output.js";
import { Crashed, Python, Stopped } from "./python.js";
import { codeFrom, hashOf, holdsCode } from "./sharing.js";
import { Status } from "./status.js";

export function mount(root) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const [examples, run, stop, share, shared] = ["examples", "run", "stop", "share", "shared"].map(part);
  const output = new Output(part("output"));
  const status = new Status(root);
  const source = editor(part("editor"), examples.value, start);
  const python = new Python({
    loading: (fraction) => status.loading(fraction),
    running: () => status.say("Running"),
    text: (stream, text) => output.text(stream, text),
    show: (kind, markup) => output.show(kind, markup),
  });

  async function start() {
    if (busy()) return;
    output.clear();
    shared.hidden = true;
    setBusy(true);
    status.say("Starting Python");
    part("output").scrollIntoView({ block: "nearest" }); // it is below the editor on a phone
    status.say(await ending());
    setBusy(false);
    output.write();
  }

  async function ending() {
    try {
      const error = await python.run("session.run", source.textarea.value);
      return error ? `Ended with an error: ${error}` : "Done";
    } catch (ended) {
      if (ended instanceof Stopped) return "Stopped";
      if (ended instanceof Crashed) return `Python crashed, and will start anew: ${ended.message}`;
      throw ended;
    }
  }

  const busy = () => run.ariaDisabled === "true";

  // Not the attribute `disabled`, which would take the focus away from the button that was pressed.
  function setBusy(value) {
    run.ariaDisabled = String(value);
    stop.ariaDisabled = String(!value);
  }

  async function copyLink() {
    const address = new URL(location.href);
    address.hash = await hashOf(source.textarea.value);
    history.replaceState(history.state, "", address);
    try {
      await navigator.clipboard.writeText(address.href);
      status.say("The link is copied. It holds the code.");
    } catch {
      status.say("The address of this page now holds the code.");
    }
  }

  async function openLink() {
    if (!holdsCode(location.hash)) return;
    try {
      source.setOptions({ value: await codeFrom(location.hash) });
      shared.hidden = false;
    } catch {
      status.say("The code in this link is damaged.");
    }
  }

  run.addEventListener("click", start);
  stop.addEventListener("click", () => busy() && python.stop());
  share.addEventListener("click", copyLink);
  examples.addEventListener("change", () => {
    source.setOptions({ value: examples.value });
    shared.hidden = true;
  });
  addEventListener("hashchange", openLink);
  openLink();

  return () => {
    removeEventListener("hashchange", openLink);
    output.close();
    python.stop(false);
  };
}
