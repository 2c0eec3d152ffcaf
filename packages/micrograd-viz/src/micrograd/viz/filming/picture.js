"use strict";

// The drawing of the graph, shown as it is after a step.

/** Find the parts of the drawing. */
function findParts(svg, film) {
  const nodes = film.nodes.map((_, i) => {
    const box = svg.querySelector(`[data-node="${i}"]`);
    const part = (name) => box.querySelector(name);
    return { box, title: part("title"), strip: part(".strip"), data: part(".data"), grad: part(".grad") };
  });
  const edges = film.edges.map((_, i) => svg.querySelector(`[data-edge="${i}"]`));
  return { nodes, edges, slope: svg.querySelector(".slope"), pulse: svg.querySelector(".pulse") };
}

/** Show what is known after a step, and mark what the step is about; `asked` hides the answer. */
function show(parts, film, take, step, asked) {
  const { computed, grads, arrived } = known(film, take, asked ? step - 1 : step);
  const { phase, node: current, edge: active } = film.steps[step];
  const largest = Math.max(...[...take.grad, ...grads].map(Math.abs).filter(Number.isFinite));
  const ends = active === undefined ? { to: current } : film.edges[active];

  for (const [i, { box, title, strip, data, grad }] of parts.nodes.entries()) {
    const [x, g] = [take.data[i], grads[i]];
    const sign = !Number.isFinite(g) ? "undefined" : g > 0 ? "positive" : g < 0 ? "negative" : "zero";
    const wrong = (computed[i] && !Number.isFinite(x)) || sign === "undefined";
    const classes = { wrong, pending: !computed[i], current: i === ends.to, target: i === ends.from };
    box.setAttribute("class", ["node", sign, ...Object.keys(classes).filter((name) => classes[name])].join(" "));
    const strength = g && Number.isFinite(g) ? 0.12 + 0.88 * Math.sqrt(Math.abs(g) / largest) : 1; // as in style.py
    strip.setAttribute("fill-opacity", strength.toFixed(2));
    data.textContent = computed[i] ? boxed(x) : "";
    grad.textContent = arrived[i] ? boxed(g) : "";
    const numbers = [computed[i] && `data ${exact(x)}`, arrived[i] && `grad ${exact(g)}`];
    title.textContent = [film.nodes[i].name, film.nodes[i].op, ...numbers].filter(Boolean).join("\n");
  }

  const used = new Set(film.steps.slice(0, step).map(({ edge }) => edge));
  for (const [i, path] of parts.edges.entries()) {
    const { from, to } = film.edges[i];
    const forwards = phase === "forward" && to === current;
    const pending = !(computed[from] && computed[to]);
    const classes = { pending, forwards, backwards: i === active, used: used.has(i) };
    path.setAttribute("class", ["edge", ...Object.keys(classes).filter((name) => classes[name])].join(" "));
  }
  showPulse(parts, asked ? undefined : active);
  showSlope(parts, active, active === undefined ? "" : asked ? "?" : `× ${brief(take.local[active])}`);
}

/** Send a dot along an edge, from the result back to the operand. */
function showPulse({ edges, pulse }, active) {
  pulse.classList.remove("moving");
  if (active === undefined) return;
  const [line] = edges[active].getAttribute("d").slice(1).split("M"); // without the head of the arrow
  pulse.style.offsetPath = `path("M${line}")`;
  pulse.getBoundingClientRect(); // so that the animation starts anew
  pulse.classList.add("moving");
}

/** Write the local derivative on its edge, in the gap before the box that the edge leads to. */
function showSlope({ edges, slope }, active, words) {
  slope.toggleAttribute("hidden", !words);
  if (!words) return;
  const [pill, text] = slope.children;
  text.textContent = words;
  const width = text.getComputedTextLength() + 14;
  const head = edges[active].getPointAtLength(edges[active].getTotalLength()); // the lower barb of the arrow's head
  const [gap, line] = [head.x + 6 - 42, edges[active].getPointAtLength(edges[active].getTotalLength() - 36)];
  pill.setAttribute("x", gap);
  pill.setAttribute("y", line.y - 11);
  pill.setAttribute("width", width);
  text.setAttribute("x", gap + width / 2);
  text.setAttribute("y", line.y + 4.5);
}

/** The rectangles of what a step is about, the node that gets a number first. */
function places(parts, film, step) {
  const { phase, node = film.root, edge } = film.steps[step];
  const about = {
    forward: () => [node, ...film.nodes[node].operands],
    backward: () => [film.edges[edge].from, film.edges[edge].to],
    end: () => (film.leaves.length ? film.leaves : [node]),
  };
  return (about[phase]?.() ?? [node]).map((index) => {
    const { box } = parts.nodes[index];
    const { e, f } = box.transform.baseVal.consolidate().matrix;
    const { width, height } = box.querySelector(".box").getBBox();
    return { x: e, y: f, width, height };
  });
}
