// What is in the editor: the sheet that the address asks for, as the reader left it. What the reader types is kept.

import { Draft, STORED } from "./drafts.js";
import { editor } from "./editor.js";
import { asksForSheet, NoSheet, sheetOf } from "./sheets.js";

const PAUSE = 400; // milliseconds without typing, after which a draft is kept; who leaves sooner loses nothing

// What to say of the other version of a draft, and on the button that brings it back.
const OTHERS = {
  over: ["What was here before is kept.", "Undo"],
  window: ["This code was changed in two windows.", "Show the other version"],
};

export class Desk {
  // `on` has the functions `run()`, `opened(sheet)`, `kept(draft)` and `problem(words)`.
  constructor(part, on) {
    this.part = part;
    this.on = on;
    this.picker = part("examples");
    const options = this.picker.querySelectorAll("[data-code]");
    this.examples = new Map(Array.from(options, ({ value, dataset }) => [value, dataset.code]));
    this.source = editor(part("editor"), { run: on.run, changed: () => this.typed(), refused: on.problem });
    this.unsaved = null; // the timer of a draft that is not kept yet
    part("editor").inert = true; // until there is something in it

    addEventListener("hashchange", () => asksForSheet(location.hash) && this.begin());
    addEventListener("storage", ({ key }) => key === STORED && this.compare());
    addEventListener("pagehide", () => this.save());
    document.addEventListener("visibilitychange", () => this.save());
    this.picker.addEventListener("change", () => (location.hash = this.picker.value));
    part("over").addEventListener("click", () => this.change("startOver"));
    part("exchange").addEventListener("click", () => this.change("exchange"));
    this.begin();
  }

  // Opens what the address asks for. `opening` is done when it is there.
  begin() {
    this.opening = this.open();
  }

  get code() {
    return this.source.code;
  }

  async open() {
    const { hash } = location;
    this.asked = hash;
    const sheet = await sheetOf(hash, this.examples).catch((reason) => this.without(reason));
    if (hash !== this.asked) return; // the reader has gone on
    this.save();
    this.sheet = sheet;
    this.draft = new Draft(sheet.key, sheet.original);
    this.source.open(this.draft.code);
    this.part("editor").inert = false;
    this.pick(sheet);
    this.part("shared").hidden = sheet.kind !== "link";
    this.on.opened(sheet);
    this.refresh();
  }

  without(reason) {
    if (!(reason instanceof NoSheet)) throw reason;
    this.on.problem(reason.message);
    return this.sheet ?? sheetOf("", this.examples);
  }

  // The picker says what is open, be it one of its own or not.
  pick({ key, title = "" }) {
    const visitor = this.part("visitor");
    visitor.hidden = visitor.disabled = !title;
    visitor.textContent = title;
    this.picker.value = title ? visitor.value : key;
  }

  typed() {
    clearTimeout(this.unsaved);
    this.unsaved = setTimeout(() => this.save(), PAUSE);
  }

  save() {
    if (this.unsaved !== null) this.keep();
  }

  keep() {
    clearTimeout(this.unsaved);
    this.unsaved = null;
    if (!this.draft.save(this.code)) this.part("unkept").hidden = false;
    this.refresh();
  }

  compare() {
    if (this.draft?.compare()) this.refresh();
  }

  // Takes another version of the draft into the editor.
  change(how) {
    this.save();
    this.source.replace(this.draft[how]());
    this.keep();
  }

  refresh() {
    const { other } = this.draft;
    this.part("other").hidden = !other;
    if (other) [this.part("why").textContent, this.part("exchange").textContent] = OTHERS[other.why];
    this.on.kept(this.draft);
  }
}
