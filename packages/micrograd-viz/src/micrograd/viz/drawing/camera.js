"use strict";

// What part of the graph shows: a camera over an `<svg>`, moved by wheel, drag, pinch and keys.

const READABLE = 0.6; // pixels for a unit of the drawing; below it the writing is too small
const COMFORTABLE = 0.9;
const CLOSEST = 4;
const EDGE_OF_VIEW = 12;
const A_CLICK = 4; // pixels that a pointer may move meanwhile

class Camera {
  /** Watch `stage`, the element around `svg`; `world` is the rectangle of the whole drawing; `changed` hears of moves. */
  constructor(stage, svg, world, changed) {
    this.stage = stage;
    this.svg = svg;
    this.world = world;
    this.changed = changed;
    this.pointers = new Map();
    stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.press(event));
    stage.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
      stage.addEventListener(name, (event) => this.pointers.delete(event.pointerId));
    }
    this.automatic = true; // until the reader chooses a scale
    this.resize();
    this.showAll();
    new ResizeObserver(() => this.resize()).observe(stage);
  }

  get fit() {
    return Math.min(this.width / this.world.width, this.height / this.world.height, 1.5);
  }

  /** Whether the writing is too small to be read. */
  get isSmall() {
    return this.scale < READABLE;
  }

  /** Come so close to what was clicked that it can be read. */
  comeCloser({ clientX, clientY }) {
    const { left, top } = this.stage.getBoundingClientRect();
    this.zoom(COMFORTABLE / this.scale, clientX - left, clientY - top);
  }

  resize() {
    const middle = this.scale && this.toWorld(this.width / 2, this.height / 2);
    this.width = this.stage.clientWidth || 1;
    this.height = this.stage.clientHeight || 1;
    if (middle && this.whole) this.showAll();
    else if (middle) this.centre(middle);
  }

  toWorld(x, y) {
    return { x: this.x + x / this.scale, y: this.y + y / this.scale };
  }

  /** Put a point of the drawing into the middle. */
  centre({ x, y }) {
    this.x = x - this.width / this.scale / 2;
    this.y = y - this.height / this.scale / 2;
    this.apply();
  }

  showAll() {
    this.whole = true;
    this.scale = this.fit;
    this.centre({ x: this.world.x + this.world.width / 2, y: this.world.y + this.world.height / 2 });
  }

  /** Zoom by a factor; the point at (x, y) of the stage stays where it is. */
  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const point = this.toWorld(x, y);
    this.automatic = this.whole = false;
    this.scale = Math.min(Math.max(this.scale * factor, Math.min(this.fit, READABLE) / 2), CLOSEST);
    this.x = point.x - x / this.scale;
    this.y = point.y - y / this.scale;
    this.apply();
  }

  /** Move by pixels. */
  move(dx, dy) {
    this.whole = false;
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
    this.apply();
  }

  /** Centre on the first of some rectangles unless all are in view, large enough; on all of them if they fit. */
  follow(rectangles) {
    if (this.automatic && this.isSmall) {
      const middle = this.toWorld(this.width / 2, this.height / 2);
      this.whole = false;
      this.scale = COMFORTABLE;
      this.centre(middle);
    }
    if (this.whole) return;
    const union = (a, b) => {
      const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
      const [right, bottom] = [Math.max(a.x + a.width, b.x + b.width), Math.max(a.y + a.height, b.y + b.height)];
      return { x, y, width: right - x, height: bottom - y };
    };
    const all = rectangles.reduce(union);
    const margin = EDGE_OF_VIEW / this.scale;
    const [width, height] = [this.width / this.scale - 2 * margin, this.height / this.scale - 2 * margin];
    const inside =
      all.x >= this.x + margin && all.x + all.width <= this.x + margin + width &&
      all.y >= this.y + margin && all.y + all.height <= this.y + margin + height;
    if (inside) return;
    const target = all.width <= width && all.height <= height ? all : rectangles[0];
    this.glide({ x: target.x + target.width / 2, y: target.y + target.height / 2 });
  }

  /** Centre in a few frames, or at once for readers who want less motion. */
  glide(target) {
    const start = this.toWorld(this.width / 2, this.height / 2);
    const began = performance.now();
    const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250;
    cancelAnimationFrame(this.frame);
    const next = (now) => {
      const t = duration ? Math.min(Math.max((now - began) / duration, 0), 1) : 1;
      const eased = t * (2 - t);
      this.centre({ x: start.x + (target.x - start.x) * eased, y: start.y + (target.y - start.y) * eased });
      if (t < 1) this.frame = requestAnimationFrame(next);
    };
    next(began);
  }

  apply() {
    this.svg.setAttribute("viewBox", `${this.x} ${this.y} ${this.width / this.scale} ${this.height / this.scale}`);
    this.changed();
  }

  wheel(event) {
    if (window !== parent && !document.hasFocus()) return; // in a notebook that is being scrolled
    event.preventDefault();
    const { left, top } = this.stage.getBoundingClientRect();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const speed = event.ctrlKey ? 0.01 : 0.002; // a pinch on a trackpad comes as a slow wheel with Control
    this.zoom(Math.exp(-event.deltaY * lines * speed), event.clientX - left, event.clientY - top);
  }

  press(event) {
    cancelAnimationFrame(this.frame);
    this.moved = false; // so far: what is pressed and let go is clicked
    this.start = { x: event.clientX, y: event.clientY };
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  drag(event) {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    const now = { x: event.clientX, y: event.clientY };
    if (!this.moved && Math.hypot(now.x - this.start.x, now.y - this.start.y) < A_CLICK) return;
    if (!this.moved) this.stage.setPointerCapture(event.pointerId);
    this.moved = true;
    const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    const share = other ? 0.5 : 1; // the point between two fingers moves half as far
    this.move((now.x - last.x) * share, (now.y - last.y) * share);
    if (other) {
      const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      const { left, top } = this.stage.getBoundingClientRect();
      this.zoom(apart(now) / apart(last), (now.x + other.x) / 2 - left, (now.y + other.y) / 2 - top);
    }
    this.pointers.set(event.pointerId, now);
  }
}
