"use strict";

// The drawing of a view, shown as it is after a step.

/** Find the parts of a view's drawing. */
function findParts(group, view) {
  const boxes = view.boxes.map((_, k) => {
    const box = group.querySelector(`[data-node="${k}"]`);
    const part = (name) => box.querySelector(name);
    return { box, title: part("title"), strip: part(".strip"), data: part(".data"), grad: part(".grad") };
  });
  return { boxes, edges: view.carries.map((_, i) => group.querySelector(`[data-edge="${i}"]`)) };
}

/** Show what is known after a step, and mark what the step is about; `asked` hides the answer. */
function show(parts, marks, film, view, take, step, asked) {
  const { computed, grads, arrived } = known(film, take, asked ? step - 1 : step);
  const largest = Math.max(...[...take.grad, ...grads].map(Math.abs).filter(Number.isFinite));
  const { current, targets, active, before } = about(film, view, step);

  for (const [k, { box, title, strip, data, grad }] of parts.boxes.entries()) {
    const { nodes, results, label } = view.boxes[k];
    const ready = results.every((i) => computed[i]);
    const [numbers, shown] = [nodes, results].map((several) => several.filter(() => ready).map((i) => take.data[i]));
    const [gradients, handedOn] = [nodes, results].map((several) => several.filter((i) => arrived[i]).map((i) => grads[i]));
    const g = gradients.every(Number.isFinite) ? handedOn.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most), 0) : NaN;
    const sign = Number.isNaN(g) ? "undefined" : g > 0 ? "positive" : g < 0 ? "negative" : "zero";
    const wrong = !numbers.every(Number.isFinite) || sign === "undefined";
    for (const [name, is] of Object.entries({
      wrong, pending: !ready, current: k === current, target: targets.has(k), zero: false, positive: false, negative: false, undefined: false, [sign]: true,
    })) box.classList.toggle(name, is);
    const strength = g ? 0.12 + 0.88 * Math.sqrt(Math.abs(g) / largest) : 1; // as in style.py
    strip.setAttribute("fill-opacity", strength.toFixed(2));
    data.textContent = range(shown, numbers, boxed);
    grad.textContent = range(handedOn, gradients, boxed);
    title.textContent = nodes.length > 1 ? label : told(film, take, nodes[0], computed, grads, arrived);
  }

  for (const [i, path] of parts.edges.entries()) {
    const carried = view.carries[i].map((edge) => film.edges[edge]);
    const classes = {
      pending: !carried.every(({ from, to }) => computed[from] && computed[to]),
      forwards: view.places[step].phase === "forward" && carried.some(({ to }) => view.boxOf[to] === current),
      backwards: view.carries[i].some((edge) => active.has(edge)),
      used: view.carries[i].some((edge) => before.has(edge)),
    };
    path.setAttribute("class", ["edge", ...Object.keys(classes).filter((name) => classes[name])].join(" "));
  }
  const { edge } = view.places[step];
  const line = parts.edges[view.carries.findIndex((carried) => carried.length === 1 && carried[0] === edge)];
  showPulse(marks, asked ? undefined : line);
  showSlope(marks, line, asked ? "?" : line && `× ${brief(take.local[edge])}`);
}

/** What a step is about: the box where it happens, those that are given gradients, and edges, now and before. */
function about(film, view, step) {
  const { first } = span(view, step);
  const edges = (from, to) => new Set(film.steps.slice(from, to).map(({ edge }) => edge).filter((edge) => edge !== undefined));
  const current = view.places[step].within;
  const active = current === undefined ? new Set() : edges(first, step + 1);
  const given = [...active].map((edge) => view.boxOf[film.edges[edge].from]);
  return { current, targets: new Set(given.filter((k) => k !== current)), active, before: edges(0, first) };
}

/** All that is known of a node. */
function told(film, take, i, computed, grads, arrived) {
  const numbers = [computed[i] && `data ${exact(take.data[i])}`, arrived[i] && `grad ${exact(grads[i])}`];
  return [film.nodes[i].name, film.nodes[i].op, ...numbers].filter(Boolean).join("\n");
}

/** What moves over the drawing: a dot, and a sign with a local derivative. */
function addMarks(svg) {
  svg.insertAdjacentHTML("beforeend", '<circle class="pulse" r="7"/><g class="slope" hidden><rect rx="8" height="22"/><text text-anchor="middle"></text></g>');
  return { pulse: svg.querySelector(".pulse"), slope: svg.querySelector(".slope") };
}

/** Send a dot along an edge, from the result back to the operand. */
function showPulse({ pulse }, edge) {
  pulse.classList.remove("moving");
  if (!edge) return;
  const [line] = edge.getAttribute("d").slice(1).split("M"); // without the head of the arrow
  pulse.style.offsetPath = `path("M${line}")`;
  pulse.getBoundingClientRect(); // so that the animation starts anew
  pulse.classList.add("moving");
}

/** Write the local derivative on its edge, in the gap before the box that the edge leads to. */
function showSlope({ slope }, edge, words) {
  slope.toggleAttribute("hidden", !edge);
  if (!edge) return;
  const [pill, text] = slope.children;
  text.textContent = words;
  const width = text.getComputedTextLength() + 14;
  const head = edge.getPointAtLength(edge.getTotalLength()); // the lower barb of the arrow's head
  const [gap, line] = [head.x + 6 - 42, edge.getPointAtLength(edge.getTotalLength() - 36)];
  pill.setAttribute("x", gap);
  pill.setAttribute("y", line.y - 11);
  pill.setAttribute("width", width);
  text.setAttribute("x", gap + width / 2);
  text.setAttribute("y", line.y + 4.5);
}

/** The rectangles of what a step is about, the box that gets a number first. */
function places(parts, film, view, step) {
  const { current, targets } = about(film, view, step);
  const operands = view.places[step].phase === "forward" ? boxesBefore(film, view, current) : [];
  const boxes = current === undefined ? [] : targets.size ? [...targets, current] : [current, ...operands];
  return boxes.map((k) => {
    const { e, f } = parts.boxes[k].box.transform.baseVal.consolidate().matrix;
    const { width, height } = parts.boxes[k].box.querySelector(".box").getBBox();
    return { x: e, y: f, width, height };
  });
}

/** The boxes with edges to another one. */
function boxesBefore(film, view, box) {
  const to = film.edges.filter(({ from, to }) => view.boxOf[to] === box && view.boxOf[from] !== box);
  return [...new Set(to.map(({ from }) => view.boxOf[from]))].filter((k) => k >= 0);
}
