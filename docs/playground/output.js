// What the code printed and showed, from the top to the bottom.
// All of it may come from a stranger's link, so pictures and films live in frames that can reach nothing.

import { address } from "./assets.js";

const ASKS_FOR_NOTHING = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:";
const COLOURS = address("../stylesheets/pictures.css");

const scheme = () => document.body.dataset.mdColorScheme;
const lightOrDark = () => (scheme() === "slate" ? "dark" : "light");

export class Output {
  constructor(place) {
    this.place = place;
    this.waiting = [];
    this.schemes = new MutationObserver(() => this.place.querySelectorAll("iframe.picture").forEach(colour));
    this.schemes.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
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
    if (kind === "film") this.film(markup);
    else this.picture(markup);
  }

  // A page with a script of its own, and no way to anything else.
  film(markup) {
    const frame = this.add("iframe", { className: "film", title: "Film" });
    frame.sandbox = "allow-scripts allow-forms";
    frame.srcdoc = markup.replace("<html ", `<html style="color-scheme:${lightOrDark()}" `);
  }

  // Markup without scripts, as high as it is.
  picture(markup) {
    const frame = this.add("iframe", { className: "picture", title: "Picture" });
    frame.sandbox = "allow-same-origin";
    frame.onload = () => {
      colour(frame);
      const { scrollHeight, scrollWidth, clientWidth } = frame.contentDocument.documentElement;
      frame.height = scrollHeight + (scrollWidth > clientWidth ? 16 : 0); // room for the scroll bar
    };
    frame.srcdoc = `<!doctype html><html lang="en"><meta http-equiv="Content-Security-Policy" content="${ASKS_FOR_NOTHING}">
<link rel="stylesheet" href="${COLOURS}"><style>body{margin:0}svg{display:block;margin:auto}</style><body>${markup}`;
  }

  close() {
    this.schemes.disconnect();
  }

  add(name, properties) {
    const element = Object.assign(document.createElement(name), properties);
    this.place.append(element);
    return element;
  }
}

function colour(frame) {
  const { body, documentElement } = frame.contentDocument;
  body.dataset.mdColorScheme = scheme();
  documentElement.style.colorScheme = lightOrDark();
}
