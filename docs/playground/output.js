// What the code printed, showed and asked, from the top to the bottom.

import { film, picture, recolour } from "./frames.js";

export class Output {
  constructor(place) {
    this.place = place;
    this.waiting = [];
    const schemes = new MutationObserver(() => recolour(place));
    schemes.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  }

  clear() {
    this.waiting = [];
    this.place.replaceChildren();
  }

  // Adds text, at most once for each frame that is drawn: a program may print faster than a page can show.
  text(stream, text) {
    const last = this.waiting.at(-1);
    if (last?.stream === stream) last.text += text;
    else if (this.waiting.push({ stream, text }) === 1) requestAnimationFrame(() => this.write());
  }

  write() {
    for (const { stream, text } of this.waiting.splice(0)) {
      const last = this.place.lastElementChild;
      if (last?.className === stream) last.append(text);
      else this.add("pre", { className: stream, textContent: text });
    }
  }

  show(kind, markup) {
    this.write();
    this.place.append(...(kind === "film" ? film(markup) : picture(markup)));
  }

  // Asks for a line, as a terminal does, where the text ends. What is answered stays there.
  ask(answered) {
    this.write();
    const form = this.add("form", { className: "question" });
    const ariaLabel = this.place.innerText.trim().split("\n").at(-1) || "Answer";
    const field = Object.assign(document.createElement("input"), { className: "playground-field", ariaLabel });
    Object.assign(field, { autocomplete: "off", autocapitalize: "off", spellcheck: false });
    form.append(field, Object.assign(document.createElement("button"), { className: "md-button", textContent: "Enter" }));
    form.onsubmit = (event) => {
      event.preventDefault();
      form.remove();
      this.text("out", `${field.value}\n`);
      answered(field.value);
    };
    field.focus();
  }

  // Takes away what can no longer be answered.
  end() {
    this.write();
    for (const form of this.place.querySelectorAll("form")) form.remove();
  }

  // What a check says of the code.
  verdict(right, words) {
    this.add("p", { className: right ? "verdict right" : "verdict", role: "alert", textContent: words });
  }

  // An address to copy by hand.
  link(address) {
    this.add("input", { className: "playground-field", ariaLabel: "Link", readOnly: true, value: address }).select();
  }

  add(name, properties) {
    const element = Object.assign(document.createElement(name), properties);
    this.place.append(element);
    return element;
  }
}
