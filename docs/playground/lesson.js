// What stands above and below the editor when it holds a part of a chapter: where it belongs, the code so far, and of
// an exercise its text, its hint and its answer.

import { page } from "./assets.js";
import { solved } from "./progress.js";

const TRIES_BEFORE_HINT = 2;
export const TRIES_BEFORE_ANSWER = 3;

export class Lesson {
  constructor(above, below) {
    this.above = above;
    this.below = below;
  }

  // Shows a sheet; nothing if it is none of a chapter.
  show(sheet) {
    this.sheet = sheet;
    this.above.replaceChildren(...(sheet.lesson ? [this.way(), this.heading(), ...this.text(), ...this.before()] : []));
    this.below.replaceChildren();
  }

  // Shows what may be opened after so many refused tries.
  help(tries) {
    const { hint, answer, mark } = this.sheet;
    const done = solved(mark);
    this.above.querySelector("h2").classList.toggle("solved", done);
    this.below.replaceChildren();
    if (tries >= TRIES_BEFORE_HINT || done) this.below.append(this.folded("Hint", this.content(hint)));
    if (tries >= TRIES_BEFORE_ANSWER || done) this.below.append(this.folded("Answer", this.content(answer)));
  }

  way() {
    const { lesson, previous, next } = this.sheet;
    const way = Object.assign(document.createElement("nav"), { ariaLabel: "Lesson", className: "playground-way" });
    way.append(this.link(lesson.title, page(`../${lesson.page}`)));
    if (previous) way.append(this.link("Previous", previous));
    if (next) way.append(this.link("Next", next));
    return way;
  }

  heading() {
    return Object.assign(document.createElement("h2"), { textContent: this.sheet.title });
  }

  text() {
    return this.sheet.text ? [this.content(this.sheet.text)] : [];
  }

  before() {
    if (!this.sheet.before) return [];
    const code = Object.assign(document.createElement("pre"), { textContent: this.sheet.before });
    return [this.folded("The code so far, which runs first", code)];
  }

  content(markup) {
    const part = Object.assign(document.createElement("div"), { innerHTML: markup });
    for (const link of part.querySelectorAll("a[href]")) link.href = page(link.getAttribute("href"));
    return part;
  }

  folded(title, content) {
    const box = document.createElement("details");
    box.append(Object.assign(document.createElement("summary"), { textContent: title }), content);
    return box;
  }

  link(textContent, href) {
    return Object.assign(document.createElement("a"), { textContent, href });
  }
}
