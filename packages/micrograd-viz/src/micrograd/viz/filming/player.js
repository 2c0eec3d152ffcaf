"use strict";

// The controls: they hold what the reader chose, and show it.

const PAUSE = 1600; // milliseconds for a step at speed 1
const WIDE = 1000; // pixels, from which on there is room for the panel beside the graph

class Player {
  constructor(film, views) {
    this.film = film;
    this.take = film.take;
    this.step = 0; // of all that happens; a view stops at some of them
    this.asked = false; // whether the step waits for the reader's answer
    this.verdict = "";
    this.right = this.answered = 0;
    this.at = (id) => document.getElementById(id);

    views.forEach((view) => settle(film, view));
    this.stage = new Stage(this.at("stage"), views, () => this.changeView());
    this.marks = addMarks(this.stage.svg);
    this.parts = views.map((view, i) => findParts(this.stage.groups[i], view));
    this.listLeaves();
    this.listen();
    this.at("asked-in").hidden = views.length === 1;
    this.letTry(views.length === 1 && innerWidth >= WIDE); // a graph that is folded needs all the room
    this.show();
  }

  get view() {
    return this.stage.views[this.stage.at];
  }

  get words() {
    return new Words(this.film, this.view, this.take);
  }

  get last() {
    return this.film.steps.length - 1;
  }

  /** Go to a step; `asked` to have it wait for an answer. */
  go(step, asked = false) {
    this.step = Math.min(Math.max(step, 0), this.last);
    this.asked = asked;
    this.verdict = "";
    this.show();
  }

  next() {
    if (this.asked) {
      this.go(this.step);
    } else if (this.step < this.last) {
      const step = this.view.stops.find((stop) => stop > this.step);
      const { phase, edge } = this.view.places[step];
      const asked = this.at("predict").checked && phase === "backward" && edge !== undefined;
      this.go(step, asked);
      if (asked) {
        this.pause();
        this.at("answer").value = "";
        this.at("answer").focus();
      }
    }
    if (this.step === this.last) this.pause();
  }

  back() {
    this.go(this.view.stops.findLast((stop) => stop < this.step) ?? 0);
  }

  /** Another view shows the same moment; a question is about one that may show no more. */
  changeView() {
    this.go(this.step);
  }

  play() {
    if (this.step === this.last) this.go(0);
    this.timer = setInterval(() => this.next(), PAUSE / Number(this.at("speed").value));
    this.showPlaying();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.showPlaying();
  }

  toggle() {
    if (this.timer) this.pause();
    else this.play();
  }

  /** Take the reader's answer, or go on if it has been judged. */
  answer() {
    if (!this.asked) {
      this.next();
      return;
    }
    const typed = decode(this.at("answer").value);
    const { from } = this.film.edges[this.film.steps[this.step].edge];
    const expected = known(this.film, this.take, this.step).grads[from];
    if (typed === undefined) {
      this.at("caption-note").textContent = "Please type a number, such as 2.5, -1e3, inf or nan.";
      return;
    }
    const right = isRight(typed, expected);
    this.answered += 1;
    this.right += right;
    this.asked = false;
    this.verdict = right ? "Right." : `Not ${brief(typed)}:`;
    this.show();
  }

  /** Compute both passes with other numbers in the leaves. */
  change(index, number) {
    this.take = compute(this.film, this.take.data.with(index, number));
    this.go(this.step);
  }

  reset() {
    this.take = this.film.take;
    for (const input of this.at("leaves").querySelectorAll("input")) {
      input.value = exact(this.take.data[input.dataset.leaf]);
      input.setAttribute("aria-invalid", false);
    }
    this.go(this.step);
  }

  show() {
    const { film, view, take, step, asked, words } = this;
    const { phase } = film.steps[step];
    const parts = this.parts[this.stage.at];
    show(parts, this.marks, film, view, take, step, asked);
    const about = places(parts, film, view, step);
    if (about.length) this.stage.camera.follow(about);
    else if (this.stage.camera.automatic) this.stage.camera.showAll();

    const { code = "", numbers = "", note = "" } = asked ? { note: words.question(step) } : words.describe(step);
    this.at("caption-verdict").textContent = this.verdict;
    this.at("caption-code").textContent = code;
    this.at("caption-arrow").hidden = !(code && numbers);
    this.at("caption-numbers").textContent = numbers;
    this.at("caption-note").textContent = note;
    this.at("phase").textContent = { start: "Start", end: "End", forward: "Forward" }[phase] ?? "Backward";
    this.at("phase").dataset.phase = phase;

    const [stop, last] = [stopsBefore(view, step), view.stops.length - 1];
    this.at("count").textContent = `${stop} of ${last}`;
    this.at("score").textContent = this.answered ? `${this.right} of ${this.answered} right` : "";
    this.at("slider").max = last;
    this.at("slider").value = stop;
    this.at("slider").setAttribute("aria-valuetext", `Step ${stop} of ${last}, ${phase}`);
    for (const id of ["first", "back"]) this.at(id).setAttribute("aria-disabled", step === 0);
    for (const id of ["next", "last"]) this.at(id).setAttribute("aria-disabled", step === this.last && !asked);
    this.showQuestion();
    const { grads, arrived } = known(film, take, asked ? step - 1 : step);
    for (const output of this.at("leaves").querySelectorAll("output")) {
      output.textContent = arrived[output.dataset.leaf] ? brief(grads[output.dataset.leaf]) : "";
    }
  }

  showQuestion() {
    const form = this.at("prediction");
    const hide = !this.asked && !this.verdict;
    if (hide && form.contains(document.activeElement)) this.at("next").focus();
    form.hidden = hide;
    this.at("submit").textContent = this.asked ? "Check" : "Go on";
  }

  showPlaying() {
    const playing = this.timer !== undefined;
    this.at("play").setAttribute("aria-label", playing ? "Pause" : "Play");
    this.at("play").classList.toggle("playing", playing);
    this.at("caption").setAttribute("aria-live", playing ? "off" : "polite");
  }

  /** Open or close the panel with numbers to change. */
  letTry(open) {
    this.at("panel").hidden = !open;
    this.at("try").setAttribute("aria-expanded", open);
  }

  listLeaves() {
    const foreign = foreignOperations(this.film);
    for (const i of this.film.leaves) {
      const { name } = this.film.nodes[i];
      const row = this.at("leaf").content.cloneNode(true);
      const [label, input, output] = row.querySelectorAll("label, input, output");
      label.htmlFor = input.id = `leaf-${i}`;
      label.textContent = name;
      output.setAttribute("aria-label", `gradient of ${name}`);
      input.dataset.leaf = output.dataset.leaf = i;
      input.value = exact(this.take.data[i]);
      input.disabled = foreign.length > 0;
      input.addEventListener("input", () => {
        const number = decode(input.value);
        input.setAttribute("aria-invalid", number === undefined);
        if (number !== undefined) this.change(i, number);
      });
      this.at("leaves").append(row);
    }
    this.at("reset").disabled = foreign.length > 0;
    if (foreign.length) this.at("hint").textContent = `Fixed: ${foreign.join(", ")} can be computed in Python only.`;
    this.at("numbers").hidden = this.film.leaves.length === 0;
  }

  listen() {
    const actions = {
      first: () => this.go(0),
      back: () => this.back(),
      play: () => this.toggle(),
      next: () => this.next(),
      last: () => this.go(this.last),
      reset: () => this.reset(),
      try: () => this.letTry(this.at("panel").hidden),
      theme: () => {
        const { style } = document.documentElement;
        const device = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
        style.colorScheme = (style.colorScheme || device) === "dark" ? "light" : "dark";
      },
    };
    for (const [id, action] of Object.entries(actions)) {
      this.at(id).addEventListener("click", () => {
        if (["first", "back", "next", "last"].includes(id)) this.pause();
        action();
      });
    }
    this.at("slider").addEventListener("input", (event) => {
      this.pause();
      this.go(this.view.stops[Number(event.target.value)]);
    });
    this.at("speed").addEventListener("change", () => {
      if (!this.timer) return;
      this.pause();
      this.play();
    });
    this.at("prediction").addEventListener("submit", (event) => {
      event.preventDefault();
      this.answer();
    });
    document.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    const typing = event.target.closest("input:not([type=checkbox]), select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const keys = {
      ArrowLeft: () => this.at("back").click(),
      ArrowRight: () => this.at("next").click(),
      Home: () => this.at("first").click(),
      End: () => this.at("last").click(),
      " ": () => this.toggle(),
    };
    if (event.key === " " && event.target.closest("button, input")) return;
    else if (event.key in keys) keys[event.key]();
    else return;
    event.preventDefault();
  }
}

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const player = new Player(prepare(read("film")), read("views"));
// A page that holds the film may let it play by itself, for readers who do not mind. Nothing has the word as its id: to
// an element that has, the browser would scroll, and give it the focus.
if (location.hash === "#autoplay" && !matchMedia("(prefers-reduced-motion: reduce)").matches) player.play();
