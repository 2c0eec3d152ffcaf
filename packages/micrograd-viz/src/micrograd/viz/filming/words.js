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

/** The numbers of a box, as a drawing sums them up: of those `shown` from where to where they go, and how many of all are inf or nan. */
function range(shown, all, write) {
  if (all.length < 2) return all.map(write).join("");
  const finite = shown.filter(Number.isFinite);
  const [low, high] = [write(Math.min(...finite)), write(Math.max(...finite))];
  const wrong = all.length - all.filter(Number.isFinite).length;
  return [finite.length && (low === high ? low : `${low} \u2026 ${high}`), wrong && `${wrong} inf or nan`].filter(Boolean).join(", ");
}

/** A number for a sentence, with parentheses around what starts with a minus. */
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

/** An operation applied to what it was applied to, as Python has them. */
function call(op, operands) {
  if (operands.length === 2 && !/^[\p{L}\p{N}]/u.test(op)) return operands.join(` ${op} `);
  return op.startsWith("**") ? operands[0] + op : `${op}(${operands.join(", ")})`;
}

/** Words that leave the direction of the text around them alone. */
function apart(words) {
  return /^[ -~]*$/.test(words) ? words : `\u2068${words}\u2069`;
}

/** Words as a list in a sentence. */
function listing(words) {
  return [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" and ");
}

/** The sentences that are said while one view of a film shows. */
class Words {
  constructor(film, view, take) {
    this.film = film;
    this.view = view;
    this.take = take;
  }

  /** What a node is called here. */
  name(i) {
    return apart(within(this.view, this.film.nodes[i].name));
  }

  /** `a.grad`, and `(2).grad` for a constant. */
  gradOf(i) {
    return `${this.film.nodes[i].constant ? `(${this.name(i)})` : this.name(i)}.grad`;
  }

  /** What a box is called here. */
  box(k) {
    const { label, nodes } = this.view.boxes[k];
    return label ? apart(within(this.view, label)) : this.name(nodes[0]);
  }

  /** What a step says: the `code` that runs, the `numbers` in it, and a `note`. */
  describe(step) {
    const { film, view } = this;
    const { phase, within: box, node, edge } = view.places[step];
    const { root } = film;
    switch (phase) {
      case "start":
        return { note: `The forward pass computes ${this.name(root)}; then backward() finds the gradients.` };
      case "outside":
        return { note: `This happens outside of ${apart(view.label)}.` };
      case "forward":
        return view.closed[box] ? this.computingBox(box) : this.computing(node);
      case "seed":
        return { code: `${this.gradOf(root)} = 1`, note: `backward() starts here: ${this.name(root)} changes as much as itself.` };
      case "backward":
        return view.closed[box] ? this.handingOnFrom(box, step) : this.handingOn(step, edge);
      default:
        return { note: this.ending() };
    }
  }

  computingBox(box) {
    return { code: this.box(box), numbers: this.range(box, this.take.data) };
  }

  /** What a box has of the `numbers` of all nodes. */
  range(box, numbers) {
    const [results, nodes] = [this.view.boxes[box].results, this.view.boxes[box].nodes].map((several) => several.map((i) => numbers[i]));
    return range(results, nodes, brief);
  }

  computing(i) {
    const { op, operands } = this.film.nodes[i];
    const numbers = applied(op, operands.map((operand) => this.take.data[operand]));
    return { code: this.equation(i), numbers: `${numbers} = ${brief(this.take.data[i])}` };
  }

  /** `c = a + b`, or only `a + b` if that is what the node is called. */
  equation(i) {
    const { op, operands } = this.film.nodes[i];
    const words = call(op, operands.map((operand) => this.name(operand)));
    return [words, `(${words})`].includes(this.name(i)) ? words : `${this.name(i)} = ${words}`;
  }

  handingOnFrom(box, step) {
    const { film, view, take } = this;
    const { targets } = about(film, view, step);
    const names = [...targets].toSorted((k, other) => k - other).map((k) => this.box(k));
    const leaves = view.boxes[box].nodes.filter((i) => film.leaves.includes(i)).length;
    const own = leaves ? [leaves > 1 ? `its ${leaves} leaves` : "its leaf"] : [];
    const given = [...(names.length > 3 ? [`${names.length} boxes`] : names), ...own];
    const receivers = given.length ? ` It goes on to ${listing(given)}.` : "";
    return { note: `The gradient of ${this.box(box)} is ${this.range(box, take.grad)}.${receivers}` };
  }

  handingOn(step, edge) {
    const { film, take } = this;
    const { from, to } = film.edges[edge];
    const { op } = film.nodes[to];
    const { grads, arrived } = known(film, take, step - 1);
    const [g, local, part] = [grads[to], take.local[edge], take.part[edge]];
    const sum = brief(grads[from] + part);
    const several = film.uses[from] > 1;
    // A rule may give another number than the product: 0 where it lets nothing pass, even if g is inf or nan.
    const isProduct = Object.is(g * local, part) || Math.abs(g * local - part) <= 1e-9 * Math.abs(part);
    const source = isProduct ? `${this.gradOf(to)} × ${term(local)}` : brief(part);
    const [first, rest] = isProduct ? [g, ` × ${term(local)}`] : [part, ""];
    const addition = `${several ? `${brief(grads[from])} + ${term(first)}` : brief(first)}${rest}`;
    const notes = [];
    if (several) {
      const turn = `part ${arrived[from] + 1} of ${film.uses[from]}`;
      notes.push(`${this.name(from)} is used more than once: gradients add up (${turn}).`);
    }
    if (!isProduct && part === 0) notes.push(`Nothing passes ${op} here, not even a gradient of ${brief(g)}.`);
    if (!isProduct && part !== 0) notes.push(`This is what the rule of ${op} gives for so extreme numbers.`);
    return {
      code: `${this.gradOf(from)} ${several ? "+=" : "="} ${source}`,
      numbers: several || isProduct ? `${addition} = ${sum}` : "",
      note: notes.join(" "),
    };
  }

  ending() {
    const { film, take } = this;
    const size = (i) => (Number.isNaN(take.grad[i]) ? Infinity : Math.abs(take.grad[i]));
    const [steepest] = film.leaves.toSorted((i, j) => size(j) - size(i));
    if (steepest === undefined) return "Done.";
    return `Done. For a small h, ${this.name(steepest)} + h changes ${this.name(film.root)} by about ${brief(take.grad[steepest])} × h.`;
  }

  /** What is asked before a step of the backward pass answers. */
  question(step) {
    const { from, to } = this.film.edges[this.film.steps[step].edge];
    const { grads, arrived } = known(this.film, this.take, step - 1);
    const soFar = arrived[from] ? ` So far ${this.gradOf(from)} is ${brief(grads[from])}.` : "";
    return `${this.equation(to)}, and ${this.gradOf(to)} is ${brief(grads[to])}.${soFar} `
      + `What is ${this.gradOf(from)} after this step?`;
  }
}

/** Whether an answer is near enough: within 1 %. */
function isRight(typed, answer) {
  return Object.is(typed, answer) || typed === answer || Math.abs(typed - answer) <= 0.01 * Math.abs(answer);
}
