// Pictures and films in frames that can reach nothing: they may come from a stranger's link.

import { address } from "./assets.js";

const ASKS_FOR_NOTHING = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:";
const COLOURS = address("../stylesheets/pictures.css");
const WHOLE = "svg{max-width:100%;height:auto}";

const scheme = () => document.body.dataset.mdColorScheme;
const lightOrDark = () => (scheme() === "slate" ? "dark" : "light");

// A film, or a drawing whose boxes open: a page with a script of its own, and no way to anything else.
export function film(markup) {
  const srcdoc = markup.replace("<html ", `<html style="color-scheme:${lightOrDark()}" `);
  const frame = element("iframe", { className: "film", title: "Film", srcdoc });
  frame.sandbox = "allow-scripts allow-forms";
  frame.allow = "fullscreen";
  return [frame];
}

// Markup without scripts, whole in the width that there is. Where that makes it smaller, a button shows it as it is.
export function picture(markup) {
  const frame = framed(markup, "Picture", WHOLE);
  const larger = element("button", { className: "md-button larger", textContent: "Larger", hidden: true });
  larger.onclick = () => enlarge(markup, larger);
  frame.addEventListener("load", () => {
    const { documentElement, body } = frame.contentDocument;
    const drawing = body.querySelector("svg");
    const fit = () => {
      frame.height = documentElement.scrollHeight;
      larger.hidden = !drawing || drawing.getBoundingClientRect().width >= drawing.width.baseVal.value - 1;
    };
    new ResizeObserver(fit).observe(body);
  });
  return [frame, larger];
}

// In the colours of the page, also when these change.
export function recolour(place) {
  for (const frame of place.querySelectorAll("iframe.picture")) colour(frame);
}

// A picture at its own size, in a window that scrolls.
function enlarge(markup, beside) {
  const dialog = element("dialog", { className: "playground-larger", ariaLabel: "Picture, larger" });
  const close = element("button", { className: "md-button", textContent: "Close", onclick: () => dialog.close() });
  dialog.append(close, framed(markup, "Picture, larger", ""));
  dialog.onclose = () => dialog.remove();
  beside.after(dialog);
  dialog.showModal();
}

function framed(markup, title, style) {
  const srcdoc = `<!doctype html><html lang="en"><meta http-equiv="Content-Security-Policy" content="${ASKS_FOR_NOTHING}">
<link rel="stylesheet" href="${COLOURS}"><style>body{margin:0}svg{display:block;margin:auto}${style}</style><body>${markup}`;
  const frame = element("iframe", { className: "picture", title, srcdoc, onload: () => colour(frame) });
  frame.sandbox = "allow-same-origin";
  return frame;
}

function colour(frame) {
  const { body, documentElement } = frame.contentDocument;
  body.dataset.mdColorScheme = scheme();
  documentElement.style.colorScheme = lightOrDark();
}

const element = (name, properties) => Object.assign(document.createElement(name), properties);
