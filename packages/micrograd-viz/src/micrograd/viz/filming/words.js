"use strict";

// Names, numbers and sentences.

/** A number as text from which it can be read back. */
function exact(x) {
  if (Number.isFinite(x)) return Object.is(x, -0) ? "-0" : String(x);
  return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
}

/** A number for a box: four decimals, or an exponent where those would hide it. */
function boxed(x) {
  const size = Math.abs(x);
  if (!Number.isFinite(x)) return exact(x);
  if (x === 0) return "0.0000";
  return size >= 1e-3 && size < 1e5 ? x.toFixed(4) : x.toExponential(3);
}

/** A number for a sentence: as in a box, without zeros at the end. */
function brief(x) {
  return x === 0 ? "0" : boxed(x).replace(/\.?0+(?=$|e)/, "");
}

/** The same, with parentheses around what starts with a minus. */
function term(x) {
  return brief(x).replace(/^-.*/, "($&)");
}

/** An operation applied to numbers. */
function applied(op, numbers) {
  const [first, ...others] = numbers;
  if (op.startsWith("**") && !others.length) return term(first) + op;
  if (/^\w/.test(op) || !others.length) return `${op}(${numbers.map(brief).join(", ")})`;
  return [op === "**" ? term(first) : brief(first), ...others.map(term)].join(op === "*" ? " × " : ` ${op} `);
}

/** A name that leaves the direction of the text around it alone. */
function named({ name }) {
  return /^[ -~]*$/.test(name) ? name : `\u2068${name}\u2069`;
}

/** `a.grad`, and `(2).grad` for a constant. */
function gradOf(node) {
  return `${node.constant ? `(${node.name})` : named(node)}.grad`;
}

/** What a step says: the `code` that runs, the `numbers` in it, and a `note`. */
function describe(film, take, step) {
  const { phase, node, edge } = film.steps[step];
  const root = film.nodes[film.root];
  switch (phase) {
    case "start":
      return { note: `The forward pass computes ${named(root)} from the leaves; then backward() finds the gradients.` };
    case "forward":
      return computing(film.nodes[node], take, node);
    case "seed":
      return { code: `${gradOf(root)} = 1`, note: `backward() starts here: ${named(root)} changes as much as itself.` };
    case "backward":
      return handingOn(film, take, step, edge);
    default:
      return { note: ending(film, take) };
  }
}

function computing(node, take, index) {
  const numbers = applied(node.op, node.operands.map((operand) => take.data[operand]));
  return { code: equation(node), numbers: `${numbers} = ${brief(take.data[index])}` };
}

/** `c = a + b`, or only `a + b` if that is what the node is called. */
function equation(node) {
  return [node.call, `(${node.call})`].includes(node.name) ? node.call : `${named(node)} = ${node.call}`;
}

function handingOn(film, take, step, edge) {
  const { from, to } = film.edges[edge];
  const [operand, result] = [film.nodes[from], film.nodes[to]];
  const { grads, arrived } = known(film, take, step - 1);
  const [g, local, part] = [grads[to], take.local[edge], take.part[edge]];
  const sum = brief(grads[from] + part);
  const several = film.uses[from] > 1;
  // A rule may give another number than the product: 0 where it lets nothing pass, even if g is inf or nan.
  const isProduct = Object.is(g * local, part) || Math.abs(g * local - part) <= 1e-9 * Math.abs(part);
  const source = isProduct ? `${gradOf(result)} × ${term(local)}` : brief(part);
  const [first, rest] = isProduct ? [g, ` × ${term(local)}`] : [part, ""];
  const addition = `${several ? `${brief(grads[from])} + ${term(first)}` : brief(first)}${rest}`;
  const notes = [];
  if (several) {
    const turn = `part ${arrived[from] + 1} of ${film.uses[from]}`;
    notes.push(`${named(operand)} is used more than once: gradients add up (${turn}).`);
  }
  if (!isProduct && part === 0) notes.push(`Nothing passes ${result.op} here, not even a gradient of ${brief(g)}.`);
  if (!isProduct && part !== 0) notes.push(`This is what the rule of ${result.op} gives for so extreme numbers.`);
  return {
    code: `${gradOf(operand)} ${several ? "+=" : "="} ${source}`,
    numbers: several || isProduct ? `${addition} = ${sum}` : "",
    note: notes.join(" "),
  };
}

function ending(film, take) {
  const size = (i) => (Number.isNaN(take.grad[i]) ? Infinity : Math.abs(take.grad[i]));
  const [steepest] = film.leaves.toSorted((i, j) => size(j) - size(i));
  if (steepest === undefined) return "Done.";
  const [root, leaf] = [named(film.nodes[film.root]), named(film.nodes[steepest])];
  return `Done. For a small h, ${leaf} + h changes ${root} by about ${brief(take.grad[steepest])} × h.`;
}

/** What is asked before a step of the backward pass answers. */
function question(film, take, step) {
  const { from, to } = film.edges[film.steps[step].edge];
  const { grads, arrived } = known(film, take, step - 1);
  const [operand, result] = [film.nodes[from], film.nodes[to]];
  const soFar = arrived[from] ? ` So far ${gradOf(operand)} is ${brief(grads[from])}.` : "";
  return `${equation(result)}, and ${gradOf(result)} is ${brief(grads[to])}.${soFar} `
    + `What is ${gradOf(operand)} after this step?`;
}

/** Whether an answer is near enough: within 1 %. */
function isRight(typed, answer) {
  return Object.is(typed, answer) || typed === answer || Math.abs(typed - answer) <= 0.01 * Math.abs(answer);
}
