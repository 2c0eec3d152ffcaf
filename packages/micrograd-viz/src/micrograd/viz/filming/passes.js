"use strict";

// The forward and the backward pass. A film is the document that `recording.py` writes; a take is its numbers: `data`
// and `grad` of each node, and for each edge `local`, the local derivative, and `part`, what it adds to a gradient.

/** Add what follows from the film's document: edges, Python's take, and the steps. */
function prepare(film) {
  film.edges = film.nodes.flatMap((node, to) => node.operands.map((from, place) => ({ from, to, place })));
  film.root = film.nodes.length - 1;
  film.uses = film.nodes.map((_, i) => film.edges.filter((edge) => edge.from === i).length);
  film.take = Object.fromEntries(["data", "grad", "local", "part"].map((name) => [name, film[name].map(decode)]));
  film.steps = [
    { phase: "start" },
    ...film.nodes.flatMap((node, i) => (node.operands.length ? [{ phase: "forward", node: i }] : [])),
    { phase: "seed", node: film.root },
    ...film.backward.map((edge) => ({ phase: "backward", edge })),
    { phase: "end" },
  ];
  return film;
}

/** The operations of a film that only Python can compute or differentiate. */
function foreignOperations(film) {
  const names = new Set();
  for (const node of film.nodes) {
    if (node.operands.length === 0) continue;
    const rule = film.rules[node.rule];
    const used = rule ? [rule.op, ...rule.lines.filter(Array.isArray).map(([op]) => op)] : [undefined];
    if (used.some((op) => op === undefined || !forward(op))) names.add(node.op);
  }
  return [...names];
}

/** Compute both passes anew; `leaves` has a number at the place of each leaf. */
function compute(film, leaves) {
  const data = [];
  for (const [i, node] of film.nodes.entries()) {
    const operands = node.operands.map((operand) => data[operand]);
    data.push(operands.length ? forward(film.rules[node.rule].op)(...operands) : leaves[i]);
  }
  const [local, part] = [film.edges.map(() => 0), film.edges.map(() => 0)]; // there are edges that no gradient takes
  const take = { data, grad: film.nodes.map((_, i) => (i === film.root ? 1 : 0)), local, part };
  for (const index of film.backward) {
    const { from, to, place } = film.edges[index];
    const { rule, operands } = film.nodes[to];
    const slope = (g) => differentiate(film.rules[rule], g, data[to], operands.map((operand) => data[operand]))[place];
    take.local[index] = slope(1);
    take.part[index] = slope(take.grad[to]);
    take.grad[from] += take.part[index];
  }
  return take;
}

/** What is known after a step: `computed` nodes, their `grads`, and how many parts of each gradient have `arrived`. */
function known(film, take, step) {
  const computed = film.nodes.map((node) => node.operands.length === 0);
  const grads = film.nodes.map(() => 0);
  const arrived = film.nodes.map(() => 0);
  for (const { phase, node, edge } of film.steps.slice(0, step + 1)) {
    if (phase === "forward") computed[node] = true;
    if (phase === "seed") {
      grads[node] = 1;
      arrived[node] = 1;
    }
    if (phase === "backward") {
      grads[film.edges[edge].from] += take.part[edge];
      arrived[film.edges[edge].from] += 1;
    }
  }
  // Behind an operation that is flat, nothing arrives: at the end, the gradient there is 0.
  const over = step === film.steps.length - 1;
  return { computed, grads, arrived: over ? arrived.map((parts) => parts || 1) : arrived };
}
