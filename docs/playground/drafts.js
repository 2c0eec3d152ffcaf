// What the reader typed, kept under a key for each thing that can be in the editor. A draft has the `code`, and another
// version beside it if there is one: `{ code, why }`, what was there before the reader started over, or what another
// window wrote over it. Nothing is replaced without becoming that other version. An exercise has the `tries` that were
// refused, by their meaning, as `session.py` gives it.

import { read, write } from "./storage.js";

export const STORED = "micrograd.drafts";
const MOST = 1_000_000; // letters, about a fifth of what a browser gives; beyond that the oldest drafts go

export class Draft {
  constructor(key, original) {
    this.key = key;
    this.original = original;
    Object.assign(this, this.stored());
    this.seen = this.code; // as this window knows it to be stored
  }

  stored() {
    const draft = read(STORED)[this.key];
    return { other: null, tries: [], ...(typeof draft?.code === "string" ? draft : { code: this.original }) };
  }

  // Looks at what other windows wrote meanwhile; gives whether that differs from what is here.
  compare() {
    const { code } = this.stored();
    if (code === this.seen) return false;
    this.seen = code;
    if (code === this.code || code === this.original) return false;
    this.other = { code, why: "window" };
    return true;
  }

  // Gives whether it will be there on the next visit.
  save(code) {
    this.compare();
    this.code = code;
    const { [this.key]: _, ...drafts } = read(STORED);
    if (code !== this.original || this.other || this.tries.length) {
      drafts[this.key] = { code, other: this.other, tries: this.tries }; // the newest is the last
    }
    for (const oldest of Object.keys(drafts)) {
      if (oldest === this.key || JSON.stringify(drafts).length <= MOST) break;
      delete drafts[oldest];
    }
    this.seen = code;
    return write(STORED, drafts);
  }

  // Takes the original again; what was there becomes the other version.
  startOver() {
    if (this.code !== this.original) this.other = { code: this.code, why: "over" };
    return this.original;
  }

  // Exchanges the two versions; gives the one that is to be in the editor.
  exchange() {
    const { code, why } = this.other;
    this.other = this.code === this.original ? null : { code: this.code, why };
    return code;
  }

  // Notes what a check refused, unless the same was refused before. More than `most` are of no interest.
  refuse(tried, most) {
    if (this.tries.length < most && !this.tries.includes(tried)) this.tries.push(tried);
  }
}
