"use strict";

// The controls: they hold what the reader chose, and show it.

const PAUSE = 1600; // milliseconds for a step at speed 1
const PAN = 60; // pixels

class Player {
  constructor(film) {
    this.film = film;
    this.take = film.take;
    this.step = 0;
    this.asked = false; // whether the step waits for the reader's answer
    this.verdict = "";
    this.right = this.answered = 0;
    this.at = (id) => document.getElementById(id);

    const svg = this.at("stage").querySelector("svg");
    this.parts = findParts(svg, film);
    const { x, y, width, height } = svg.viewBox.baseVal;
    this.camera = new Camera(this.at("stage"), svg, { x, y, width, height });
    this.at("slider").max = film.steps.length - 1;
    this.listLeaves();
    this.listen();
    this.show();
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
      const asked = this.at("predict").checked && this.film.steps[this.step + 1].phase === "backward";
      this.go(this.step + 1, asked);
      if (asked) {
        this.pause();
        this.at("answer").value = "";
        this.at("answer").focus();
      }
    }
    if (this.step === this.last) this.pause();
  }

  back() {
    this.go(this.step - 1);
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
    const { film, take, step, asked } = this;
    const { phase } = film.steps[step];
    show(this.parts, film, take, step, asked);
    if (step > 0) this.camera.follow(places(this.parts, film, step));
    else if (this.camera.automatic) this.camera.showAll();

    const said = asked ? { note: question(film, take, step) } : describe(film, take, step);
    const { code = "", numbers = "", note = "" } = said;
    this.at("caption-verdict").textContent = this.verdict;
    this.at("caption-code").textContent = code;
    this.at("caption-arrow").hidden = !(code && numbers);
    this.at("caption-numbers").textContent = numbers;
    this.at("caption-note").textContent = note;
    this.at("phase").textContent = { start: "Start", end: "End", forward: "Forward" }[phase] ?? "Backward";
    this.at("phase").dataset.phase = phase;
    this.at("count").textContent = `${step} of ${this.last}`;
    this.at("score").textContent = this.answered ? `${this.right} of ${this.answered} right` : "";

    this.at("slider").value = step;
    this.at("slider").setAttribute("aria-valuetext", `Step ${step} of ${this.last}, ${phase}`);
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

  /** Show the whole graph, and stay with that. */
  fit() {
    this.camera.automatic = false;
    this.camera.showAll();
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
      "zoom-in": () => this.camera.zoom(1.25),
      "zoom-out": () => this.camera.zoom(0.8),
      "zoom-fit": () => this.fit(),
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
      this.go(Number(event.target.value));
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
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const pans = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };
    const keys = {
      ArrowLeft: () => this.at("back").click(),
      ArrowRight: () => this.at("next").click(),
      Home: () => this.at("first").click(),
      End: () => this.at("last").click(),
      " ": () => this.toggle(),
      "+": () => this.camera.zoom(1.25),
      "=": () => this.camera.zoom(1.25),
      "-": () => this.camera.zoom(0.8),
      "0": () => this.fit(),
    };
    if (event.shiftKey && event.key in pans) this.camera.move(...pans[event.key]);
    else if (event.key === " " && event.target.closest("button, input")) return;
    else if (event.key in keys) keys[event.key]();
    else return;
    event.preventDefault();
  }
}

const player = new Player(prepare(JSON.parse(document.getElementById("film").textContent)));
// A page that holds the film may let it play by itself, for readers who do not mind. Nothing has the word as its id: to
// an element that has, the browser would scroll, and give it the focus.
if (location.hash === "#autoplay" && !matchMedia("(prefers-reduced-motion: reduce)").matches) player.play();
