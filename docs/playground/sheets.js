// What the address asks for after its #, as a sheet for the editor: the `key` of its draft, the `original` text, what
// runs `before` it in silence, and, for an exercise, the hidden `check`.
//
//   #own, or nothing                      the reader's own code
//   #example=neuron                       an example
//   #code=...                             code that came with the link, and maybe belongs to a part of a chapter:
//   #code=...&lesson=...&exercise=2
//   #lesson=03-chain-rule&cell=4          a cell of a chapter
//   #lesson=03-chain-rule&exercise=2      an exercise of a chapter

import { json } from "./assets.js";
import { fits, TAKES } from "./editor.js";
import { codeFrom, holdsCode } from "./sharing.js";

export class NoSheet extends Error {}

// Whether an address asks for a sheet at all: other hashes are places in the page.
export const asksForSheet = (hash) => /^(#own|#example=.*|#code=.*|#lesson=.*|)$/.test(hash);

// `examples` has the codes of the examples by their keys.
export async function sheetOf(hash, examples) {
  const key = hash.slice(1);
  const wanted = new URLSearchParams(key);
  if (holdsCode(hash)) return link(key, await received(hash), wanted);
  if (wanted.has("example")) return example(key, examples);
  if (wanted.has("lesson")) return part(wanted);
  const [first] = examples.values();
  return { key: "own", kind: "own", before: "", original: first };
}

async function received(hash) {
  try {
    return await codeFrom(hash);
  } catch {
    throw new NoSheet("The code in this link is damaged.");
  }
}

// What somebody else has solved is not marked as the reader's.
async function link(key, original, wanted) {
  if (!fits(original)) throw new NoSheet(`${TAKES}: the code in this link is more.`);
  const place = wanted.has("lesson") ? await part(wanted) : { title: "Code", before: "" };
  return { ...place, key, kind: "link", title: `${place.title}, of a link`, original, mark: "" };
}

function example(key, examples) {
  if (!examples.has(key)) throw new NoSheet("There is no such example.");
  return { key, kind: "example", before: "", original: examples.get(key) };
}

async function part(wanted) {
  const stem = wanted.get("lesson");
  const lesson = await lessonOf(stem);
  const cell = lesson.cells[wanted.get("cell") - 1];
  const exercise = wanted.get("exercise");
  if (Object.hasOwn(lesson.exercises, exercise)) return exerciseSheet(stem, lesson, exercise);
  if (cell) return cellSheet(stem, lesson, Number(wanted.get("cell")), cell);
  throw new NoSheet("There is no such part of the chapter.");
}

async function lessonOf(stem) {
  if (!/^[\w-]+$/.test(stem)) throw new NoSheet("There is no such chapter.");
  return json(`lessons/${stem}.json`).catch((error) => {
    throw new NoSheet(`The chapter could not be opened: ${error.message}`);
  });
}

const cellHash = (stem, number) => `#lesson=${stem}&cell=${number}`;
const exerciseHash = (stem, number) => `#lesson=${stem}&exercise=${number}`;

function cellSheet(stem, lesson, number, original) {
  const hash = (neighbour) => (lesson.cells[neighbour - 1] === undefined ? null : cellHash(stem, neighbour));
  const key = cellHash(stem, number).slice(1);
  return {
    key,
    place: key,
    kind: "cell",
    lesson,
    title: `Cell ${number} of ${lesson.cells.length}`,
    original,
    before: [lesson.before, ...lesson.cells.slice(0, number - 1)].filter(Boolean).join("\n\n\n"),
    previous: hash(number - 1),
    next: hash(number + 1),
  };
}

function exerciseSheet(stem, lesson, number) {
  const exercise = lesson.exercises[number];
  const numbers = Object.keys(lesson.exercises);
  const at = numbers.indexOf(number);
  const key = exerciseHash(stem, number).slice(1);
  const hash = (neighbour) => (neighbour in numbers ? exerciseHash(stem, numbers[neighbour]) : null);
  return {
    ...exercise,
    key,
    place: key,
    kind: "exercise",
    lesson,
    mark: `${stem}/${number}`,
    title: `Exercise ${number}: ${exercise.title}`,
    original: exercise.start,
    before: exercise.setup,
    previous: hash(at - 1),
    next: hash(at + 1),
  };
}
