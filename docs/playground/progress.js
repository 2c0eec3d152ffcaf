// Which exercises are solved: `{"03-chain-rule/2": true}`. The pages of the tutorial show it.

import { read, write } from "./storage.js";

const STORED = "micrograd.progress";

export const solved = (mark) => read(STORED)[mark] === true;
export const solve = (mark) => write(STORED, { ...read(STORED), [mark]: true });
