// The training view. Python trains for a moment and sends the weights; the page draws them and asks for more.

import { accuracy } from "./network.js";
import { curve, drawBoundary, drawNetwork } from "./pictures.js";
import { Crashed, Python, Stopped } from "./python.js";
import { Status } from "./status.js";

const MOMENT = 50; // milliseconds of training between two pictures

export function mount(root) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const number = (name) => Number(part(name).value);
  const start = part("start");
  const status = new Status(root);
  let seed = 0;
  let task = null; // the samples, the weights and the losses so far
  let stale = false; // whether the controls ask for another task
  let going = false;
  let busy = false;
  const python = new Python({
    loading: (fraction) => status.loading(fraction),
    running: () => status.say("Training"),
  });

  // One call of Python at a time; what the controls ask for meanwhile is seen when it is back.
  async function work() {
    if (busy) return;
    busy = true;
    try {
      while (going || stale) {
        if (!task || stale) await begin();
        else await advance();
        draw();
        await new Promise(requestAnimationFrame);
      }
      if (task && !task.diverged) status.say(`Paused after ${task.losses.length} epochs`);
    } catch (ended) {
      task = null;
      stale = false;
      setGoing(false);
      if (ended instanceof Crashed) status.say(`Python crashed, and will start anew: ${ended.message}`);
      else if (!(ended instanceof Stopped)) throw ended;
    } finally {
      busy = false;
    }
  }

  async function begin() {
    if (!task) status.say("Starting Python");
    stale = false; // what changes from here on is for another one
    const hidden = Array(number("layers")).fill(number("neurons"));
    const begun = await python.run("trainer.start", part("shape").value, JSON.stringify(hidden), ++seed);
    task = { losses: [], ...JSON.parse(begun) };
  }

  async function advance() {
    const progress = JSON.parse(await python.run("trainer.advance", number("lr"), number("dropout"), MOMENT));
    task.losses.push(...progress.losses);
    task.weights = progress.weights;
    task.diverged = progress.diverged;
    if (!progress.diverged) return;
    setGoing(false);
    status.say("The training diverged. Try a smaller learning rate, and reset.");
  }

  function draw() {
    if (!task) return;
    const { X, y, weights, losses } = task;
    const right = `${Math.round(100 * accuracy(weights, X, y))} %`;
    const loss = losses.length ? losses.at(-1).toFixed(4) : "–";
    const sizes = [2, ...weights.map((neurons) => neurons.length)];
    drawBoundary(part("boundary"), weights, X, y);
    drawNetwork(part("network"), weights);
    part("curve").firstElementChild.setAttribute("points", curve(losses, 600, 140));
    part("epoch").textContent = losses.length;
    part("loss").textContent = loss;
    part("top").textContent = Math.max(...losses, 0).toFixed(2);
    part("accuracy").textContent = right;
    part("parameters").textContent = weights.flat().reduce((sum, numbers) => sum + numbers.length, 0);
    part("boundary").ariaLabel = `The decision boundary: ${right} of ${X.length} samples on the right side`;
    part("network").ariaLabel = `The network: ${sizes.join(", ")} neurons in its layers, inputs first`;
    part("curve").ariaLabel = `Loss: ${loss} after ${losses.length} epochs`;
  }

  function setGoing(value) {
    going = value;
    start.textContent = going ? "Pause" : "Start";
    work();
  }

  function reset() {
    if (!task && !busy) return;
    stale = true;
    work();
  }

  const schemes = new MutationObserver(draw);
  schemes.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  start.addEventListener("click", () => setGoing(!going));
  part("reset").addEventListener("click", reset);
  for (const name of ["shape", "layers", "neurons"]) part(name).addEventListener("change", reset);

  return () => {
    going = false;
    schemes.disconnect();
    python.stop(false);
  };
}
