// The page with the editor: the reader's code on one side, and what it prints and shows on the other.

import { Desk } from "./desk.js";
import { Lesson, TRIES_BEFORE_ANSWER } from "./lesson.js";
import { Output } from "./output.js";
import { solve } from "./progress.js";
import { Crashed, Python, Stopped } from "./python.js";
import { hashOf } from "./sharing.js";
import { Status } from "./status.js";

export function mount(root) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const [run, check, stop, share] = ["run", "check", "stop", "share"].map(part);
  const output = new Output(part("output"));
  const status = new Status(root);
  const lesson = new Lesson(part("lesson"), part("help"));
  const python = new Python({
    loading: (fraction) => status.loading(fraction),
    running: (words) => status.say(words),
    text: (stream, text) => output.text(stream, text),
    show: (kind, markup) => output.show(kind, markup),
    ask: () => output.ask((answer) => python.answer(answer)),
  });
  const desk = new Desk(part, {
    run: () => start(),
    opened,
    kept: (draft) => desk.sheet.check && lesson.help(draft.tries.length),
    problem: (words) => status.say(words),
  });

  function opened(sheet) {
    if (busy()) python.stop();
    output.clear();
    lesson.show(sheet);
    check.hidden = !sheet.check;
  }

  async function start(checking = false) {
    await desk.opening; // a link may have been followed just now
    if (busy() || !desk.sheet) return;
    const { sheet, draft, code } = desk;
    desk.save();
    output.clear();
    setBusy(true);
    status.say("Starting Python");
    comeIntoView(part("output"));
    const { ended, words, tried } = await ending(code, sheet.before, checking ? sheet.check : "");
    output.end();
    setBusy(false);
    status.say(ENDINGS[ended](words));
    if (ended === "right" || ended === "refused") output.verdict(ended === "right", verdict(ended, words, code));
    if (ended === "right" && sheet.mark) solve(sheet.mark);
    else if (tried) draft.refuse(tried, TRIES_BEFORE_ANSWER);
    if (tried) desk.keep();
  }

  async function ending(...args) {
    try {
      return await python.run("session.run", ...args);
    } catch (ended) {
      if (ended instanceof Stopped) return { ended: "stopped" };
      if (ended instanceof Crashed) return { ended: "crashed", words: ended.message };
      throw ended;
    }
  }

  function verdict(ended, words, code) {
    const judged = ended === "right" ? "Right." : words;
    return desk.code === code ? judged : `${judged} What you have changed meanwhile was not checked.`;
  }

  const busy = () => run.ariaDisabled === "true";

  // Not the attribute `disabled`, which would take the focus away from the button that was pressed.
  function setBusy(value) {
    run.ariaDisabled = check.ariaDisabled = String(value);
    stop.ariaDisabled = String(!value);
  }

  async function copyLink() {
    const address = new URL(location.href);
    address.hash = await hashOf(desk.code, desk.sheet.place);
    try {
      await navigator.clipboard.writeText(address.href);
      status.say("The link is copied. It holds the code.");
    } catch {
      status.say("Copy this link. It holds the code.");
      output.link(address.href);
    }
  }

  run.addEventListener("click", () => start());
  check.addEventListener("click", () => start(true));
  stop.addEventListener("click", () => busy() && python.stop());
  share.addEventListener("click", copyLink);
}

// The output is below the editor on a phone.
function comeIntoView(output) {
  if (output.getBoundingClientRect().top > 0.8 * innerHeight) output.scrollIntoView({ block: "end" });
}

// What the status says of how a run ended.
const ENDINGS = {
  done: () => "Done",
  error: (words) => `Ended with an error: ${words}`,
  right: () => "Right",
  refused: () => "Not yet",
  stopped: () => "Stopped",
  crashed: (words) => `Python crashed, and will start anew: ${words}`,
};
