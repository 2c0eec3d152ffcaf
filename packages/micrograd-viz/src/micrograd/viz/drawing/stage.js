"use strict";

// The views of a graph: one of them shows, a box opens on a click, and the trail above leads back.

const PAN = 60; // pixels

class Stage {
  /** Show the first of `views` in `element`; `changed` is called with the number of each view that shows later. */
  constructor(element, views, changed = () => {}) {
    this.element = element;
    this.views = views;
    this.changed = changed;
    this.svg = element.querySelector("svg");
    this.groups = [...element.querySelectorAll(".view")];
    this.trail = document.getElementById("trail");
    this.at = 0;
    this.camera = new Camera(element, this.svg, this.world(0), () => this.showHint());
    views.forEach((view, i) => view.boxes.forEach((box, k) => this.letOpen(box, this.box(i, k))));
    this.listen();
    this.showTrail();
  }

  /** The rectangle of a view's drawing. */
  world(view) {
    const [x, y, width, height] = this.groups[view].dataset.world.split(" ").map(Number);
    return { x, y, width, height };
  }

  box(view, box) {
    return this.groups[view].querySelector(`[data-node="${box}"]`);
  }

  letOpen({ inside, label }, element) {
    if (inside === null) return;
    element.classList.add("opens");
    for (const [name, value] of [["tabindex", 0], ["role", "button"], ["aria-label", `Open ${label}`]]) {
      element.setAttribute(name, value);
    }
    element.addEventListener("click", () => this.camera.moved || this.show(inside));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.show(inside);
      this.trail.querySelector("button:last-of-type").focus();
    });
  }

  /** Show a view, all of it. */
  show(view) {
    this.groups[this.at].toggleAttribute("hidden", true);
    this.groups[view].toggleAttribute("hidden", false);
    this.at = view;
    this.camera.world = this.world(view);
    this.camera.automatic = true;
    this.camera.showAll();
    this.showTrail();
    this.changed(view);
  }

  /** Show the view around the one that shows, and give the focus to the box that closes. */
  close() {
    const closed = this.at;
    const { around } = this.views[closed];
    if (around === null) return;
    this.show(around);
    this.box(around, this.views[around].boxes.findIndex(({ inside }) => inside === closed)).focus({ preventScroll: true });
  }

  /** The way from the whole graph to what shows. */
  showTrail() {
    const way = [];
    for (let view = this.at; view !== null; view = this.views[view].around) way.unshift(view);
    const name = (view) => (view === 0 ? "Whole graph" : within(this.views[this.views[view].around], this.views[view].label));
    const parts = way.map((view) => {
      const part = document.createElement(view === this.at ? "span" : "button");
      part.textContent = name(view);
      part.addEventListener("click", () => view !== this.at && this.show(view));
      return part;
    });
    this.trail.replaceChildren(...parts);
    this.showHint();
  }

  /** Say what a click does. It comes closer where the writing is too small to be read. */
  showHint() {
    if (!this.camera || !this.trail.firstChild) return; // it is being made
    this.svg.classList.toggle("small", this.camera.isSmall);
    if (this.at !== 0) return;
    const opens = this.views.length > 1 ? "A box opens on a click." : "";
    this.trail.firstChild.textContent = this.camera.isSmall ? "Click the graph to come closer." : opens;
  }

  comeCloser(event) {
    if (this.camera.moved || !this.camera.isSmall) return;
    event.stopPropagation();
    this.camera.comeCloser(event);
  }

  /** Show the whole view, and stay with that. */
  fit() {
    this.camera.automatic = false;
    this.camera.showAll();
  }

  listen() {
    const full = document.getElementById("full-screen");
    full.hidden = !document.fullscreenEnabled;
    const actions = {
      "zoom-in": () => this.camera.zoom(1.25),
      "zoom-out": () => this.camera.zoom(0.8),
      "zoom-fit": () => this.fit(),
      "full-screen": () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
    };
    for (const [id, action] of Object.entries(actions)) {
      document.getElementById(id).addEventListener("click", action);
    }
    this.svg.addEventListener("click", (event) => this.comeCloser(event), { capture: true }); // before a box opens
    document.addEventListener("fullscreenchange", () => {
      full.setAttribute("aria-label", document.fullscreenElement ? "Leave full screen" : "Full screen");
    });
    document.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    if (event.target.closest("input:not([type=checkbox]), select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const pans = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };
    const keys = {
      "+": () => this.camera.zoom(1.25),
      "=": () => this.camera.zoom(1.25),
      "-": () => this.camera.zoom(0.8),
      "0": () => this.fit(),
      Escape: () => this.close(),
    };
    if (event.shiftKey && event.key in pans) this.camera.move(...pans[event.key]);
    else if (event.key in keys) keys[event.key]();
    else return;
    event.preventDefault();
  }
}

/** A name as it is said in a view: without what all names there have in common. */
function within({ prefixes }, name) {
  return prefixes.reduce((rest, prefix) => (rest.startsWith(prefix) ? rest.slice(prefix.length) : rest), name);
}
