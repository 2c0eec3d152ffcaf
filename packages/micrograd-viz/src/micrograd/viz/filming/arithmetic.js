"use strict";

// What the operations of the engine's table compute, as the engine computes it. No derivative is written here: the page
// brings the rules of the table along, and `differentiate` follows them.

const FORWARD = new Map([
  ["+", (a, b) => a + b],
  ["*", (a, b) => a * b],
  ["/", (a, b) => a / b],
  ["a - b", (a, b) => a - b], // of other classes; the engine composes it
  ["**", power],
  ["abs", Math.abs],
  ["max", (a, b) => (a >= b || a !== a ? a : b)],
  ["min", (a, b) => (a <= b || a !== a ? a : b)],
  ["clamp_min", (a, low) => (a >= low || a !== a ? a : low)],
  ["clamp_max", (a, high) => (a <= high || a !== a ? a : high)],
  ["ReLU", (a) => (a < 0 ? 0 : a)],
  ["exp", Math.exp],
  ["expm1", Math.expm1],
  ["log", Math.log],
  ["log1p", Math.log1p],
  ["sqrt", Math.sqrt],
  ["tanh", Math.tanh],
  ["sigmoid", (a) => 1 / (1 + Math.exp(-a))],
  ["sin", Math.sin],
  ["cos", Math.cos],
  ["erf", erf],
  ["asin", Math.asin],
  ["acos", Math.acos],
  ["atan", Math.atan],
  ["atan2", Math.atan2],
  ["detach", (a) => a],
  ["gate", (g, x) => (x <= 0 ? 0 : g)],
  ["sign", (a) => (a > 0 ? 1 : a < 0 ? -1 : 0)],
  ["share", (a, b) => (a < b ? 0 : a === b ? 0.5 : 1)],
  ["<", (a, b) => (a < b ? 1 : 0)],
  ["<=", (a, b) => (a <= b ? 1 : 0)],
  ["not", (a) => (a === 0 ? 1 : 0)],
  ["where", (condition, a) => (condition === 0 ? -0 : a)],
]);

// The constant powers that the engine computes in a shorter way.
const SHORT = new Map([
  [-2, (a) => 1 / (a * a)],
  [-1, (a) => 1 / a],
  [-0.5, (a) => 1 / Math.sqrt(a)],
  [0.5, Math.sqrt],
  [2, (a) => a * a],
  [3, (a) => a * a * a],
]);

const NOT_FINITE = new Map([["inf", Infinity], ["-inf", -Infinity], ["nan", NaN]]);

/** C's pow, which unlike JavaScript's says 1 for 1 ** nan and (-1) ** inf. */
function power(a, b) {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
}

/** The error function, which JavaScript lacks: a series whose terms have one sign, so that no digits cancel. */
function erf(a) {
  if (!(Math.abs(a) < 6)) return a !== a ? a : Math.sign(a);
  let term = a, total = a;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(total); k += 2) {
    term *= (2 * a * a) / k;
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a) * total;
}

/** The function of an operation, `**2` and the like included; undefined for one that only Python knows. */
function forward(op) {
  if (FORWARD.has(op)) return FORWARD.get(op);
  const exponent = op.startsWith("**") ? decode(op.slice(2)) : undefined;
  if (exponent === undefined) return undefined;
  return SHORT.get(exponent) ?? ((a) => power(a, exponent));
}

/** The gradients of the operands, from a rule as `rules.py` writes it out. */
function differentiate(rule, g, out, operands) {
  const numbers = [g, out, ...operands];
  for (const line of rule.lines) {
    if (Array.isArray(line)) {
      const [op, ...places] = line;
      numbers.push(forward(op)(...places.map((place) => numbers[place])));
    } else {
      numbers.push(decode(line));
    }
  }
  return rule.results.map((place) => numbers[place]);
}

/** A number from JSON, from the name of a power or from a reader; undefined if it is none. */
function decode(number) {
  if (typeof number === "number") return number;
  const text = number.trim().toLowerCase().replace("\u2212", "-");
  if (NOT_FINITE.has(text)) return NOT_FINITE.get(text);
  const finite = text === "" ? NaN : Number(text);
  return Number.isFinite(finite) ? finite : undefined;
}
