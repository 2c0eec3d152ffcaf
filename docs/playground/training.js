// The training view. The page makes points and a network, Python trains it for a moment and sends the weights back, and
// the page draws them and asks for more.

import { measure } from "./network.js";
import { curve, drawBoundary, drawNetwork, reachOf } from "./pictures.js";
import { Crashed, Python, Stopped } from "./python.js";
import { begin } from "./samples.js";
import { keep, open } from "./settings.js";
import { Status } from "./status.js";

const MOMENT = 50; // milliseconds of training between two pictures
const CURVES = { width: 600, height: 140 };
const SMALLER = "Choose a smaller learning rate, and reset.";
const SILENT = `All neurons of a hidden layer are silent, so that nothing before it can learn. ${SMALLER}`;
const AT_ONCE = ["lr", "dropout"]; // settings that a training does not begin anew for

export function mount(root) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const form = part("settings");
  const setting = (name) => Number(form.elements[name].value);
  const seeds = form.elements.seed;
  const start = part("start");
  const status = new Status(root);
  let task; // what is trained, and how far it has come
  let going = false;
  let busy = false;
  let note = ""; // what is said while nothing is trained
  const python = new Python({
    loading: (fraction) => going && status.loading(fraction),
    running: say,
  });

  // Begins anew, and waits: other settings make another task, the same ones the same.
  function reset() {
    setGoing(false);
    part("fault").textContent = "";
    const [points, noise, layers, neurons, seed] = ["points", "noise", "layers", "neurons", "seed"].map(setting);
    const drawn = begin({ data: form.elements.data.value, points, noise, layers, neurons, seed });
    task = {
      ...drawn,
      reach: reachOf(drawn),
      seed,
      epochs: 0,
      losses: { training: [], test: [] },
      top: 0, // the largest loss
      inPython: false,
      diverged: false,
      silent: false,
    };
    draw();
  }

  // One call of Python at a time. What the controls ask for meanwhile is seen when it is back.
  async function work() {
    if (busy) return;
    busy = true;
    try {
      while (going) {
        await advance(task);
        await new Promise(requestAnimationFrame);
      }
      say();
    } catch (ended) {
      if (ended instanceof Stopped) return;
      if (!(ended instanceof Crashed)) throw ended;
      task.inPython = false;
      rest(`Python crashed, and will start anew: ${ended.message}`);
    } finally {
      busy = false;
    }
  }

  function say() {
    status.say(going ? (task.silent ? SILENT : "Training") : note || `Paused after ${task.epochs} epochs`);
  }

  async function advance(current) {
    if (!current.inPython) {
      status.say("Starting Python");
      const { training, weights, seed } = current;
      await python.run("trainer.start", JSON.stringify({ ...training, weights, seed }));
      current.inPython = true;
    }
    const progress = await python.run("trainer.advance", setting("lr"), setting("dropout"), MOMENT);
    if (current !== task) return; // another one has begun meanwhile
    task.epochs += progress.epochs;
    task.weights = progress.weights;
    task.diverged = progress.diverged;
    draw();
    if (task.diverged) rest(`Diverged in epoch ${task.epochs}: the loss grew beyond all numbers. ${SMALLER}`);
    else say();
  }

  function draw() {
    const { weights, training, test, epochs, losses } = task;
    const measured = { training: measure(weights, training), test: measure(weights, test) };
    drawBoundary(part("boundary"), task);
    drawNetwork(part("network"), task);
    for (const [name, { loss, accuracy }] of Object.entries(measured)) {
      if (isFinite(loss)) {
        if (losses[name].at(-1)?.epoch !== epochs) losses[name].push({ epoch: epochs, loss });
        task.top = Math.max(task.top, 1.05 * loss);
      }
      part(`${name}-loss`).textContent = task.diverged ? "∞" : short(loss);
      part(`${name}-accuracy`).textContent = percent(accuracy);
    }
    const frame = { epochs: epochs || 1, top: task.top, ...CURVES };
    for (const name of Object.keys(losses)) part(`${name}-curve`).setAttribute("points", curve(losses[name], frame));
    part("epoch").textContent = part("last").textContent = epochs;
    part("top").textContent = short(task.top);
    part("parameters").textContent = weights.flat().reduce((sum, numbers) => sum + numbers.length, 0);
    task.silent = measured.training.silent;
    describe(measured);
  }

  // The pictures in words.
  function describe({ training, test }) {
    const sizes = [2, ...task.weights.map((neurons) => neurons.length)];
    const right = `${percent(training.accuracy)} of ${task.training.y.length} training points and ${percent(test.accuracy)}`;
    const losses = `training loss ${short(training.loss)}, test loss ${short(test.loss)}`;
    part("boundary").ariaLabel = `The decision boundary: ${right} of ${task.test.y.length} test points on the right side`;
    part("network").ariaLabel = `The network: ${sizes.join(", ")} neurons in its layers, inputs first`;
    part("curves").ariaLabel = `After ${task.epochs} epochs: ${losses}`;
  }

  function setGoing(value) {
    going = value;
    start.textContent = going ? "Pause" : "Start";
  }

  // Trains no more, and says why.
  function rest(why) {
    note = why;
    setGoing(false);
    say();
  }

  function toggle() {
    if (task.diverged) reset();
    note = "";
    setGoing(!going);
    say();
    work();
  }

  function beginAnew(why) {
    reset();
    rest(why);
  }

  // A field that holds no setting goes back to the one that is in use, so that all others go on working.
  function change({ target }) {
    const fault = target.checkValidity() ? "" : `A seed is a whole number from 0 to ${seeds.max}. It is ${task.seed} again.`;
    part("fault").textContent = fault;
    if (fault) {
      seeds.value = task.seed;
      return;
    }
    keep(form);
    if (!AT_ONCE.includes(target.name)) beginAnew("Begun anew. Start trains it.");
  }

  function drawAnotherSeed() {
    seeds.value = task.seed < seeds.max ? task.seed + 1 : 0;
    keep(form);
    beginAnew(`Seed ${seeds.value}: other points, and other first weights`);
  }

  async function copyLink() {
    keep(form);
    try {
      await navigator.clipboard.writeText(location.href);
      status.say("The link is copied. It holds the settings.");
    } catch {
      status.say("The address of this page now holds the settings.");
    }
  }

  function openSettings() {
    const missing = open(form);
    if (missing.length) beginAnew(`The link asks for what is not there: ${missing.join(", ")}`);
    else reset();
    if (root.getBoundingClientRect().top < 0) root.scrollIntoView(); // the link was further down in this page
  }

  const schemes = new MutationObserver(draw);
  schemes.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  start.addEventListener("click", toggle);
  part("reset").addEventListener("click", () => beginAnew("Back at the beginning. Start trains it anew."));
  part("another").addEventListener("click", drawAnotherSeed);
  part("share").addEventListener("click", copyLink);
  form.addEventListener("change", change);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => location.hash.includes("=") && openSettings());
  openSettings();
}

const percent = (share) => `${Math.round(100 * share)} %`;
const short = (loss) => (loss < 1000 ? loss.toFixed(loss < 10 ? 3 : 0) : loss.toExponential(0));
