// What a training begins with, drawn by a seed: the points of two classes, and the first weights of a network.

const TESTS = 100; // points to test with

const SHAPES = {
  // A half circle, and another one upside down that reaches into it.
  moons(label, t) {
    const [x, y] = [Math.cos(Math.PI * t), Math.sin(Math.PI * t)];
    return label < 0 ? [x - 0.5, y - 0.25] : [0.5 - x, 0.25 - y];
  },
  // A ring around a disc.
  circles(label, t) {
    const radius = label < 0 ? 0.45 : 1.15;
    return [radius * Math.cos(2 * Math.PI * t), radius * Math.sin(2 * Math.PI * t)];
  },
  // Two arms that wind around each other for three quarters of a turn.
  spiral(label, t) {
    const radius = label * (0.15 + 1.1 * t);
    return [radius * Math.cos(1.5 * Math.PI * t), radius * Math.sin(1.5 * Math.PI * t)];
  },
};

// Each part has draws of its own, so that one setting changes one thing: with more noise the same points lie further
// off, and with more points the first ones are the same.
export function begin({ data, points, noise, layers, neurons, seed }) {
  const [training, test, network] = [1, 2, 3].map((part) => uniform(3 * seed + part));
  return {
    training: samples(SHAPES[data], points, noise, training),
    test: samples(SHAPES[data], TESTS, noise, test),
    weights: firstWeights([2, ...Array(layers).fill(neurons), 1], network),
  };
}

// Points `X` and their classes `y`, -1 and 1 in turns.
function samples(shape, count, noise, draw) {
  const y = Array.from({ length: count }, (_, i) => (i % 2 ? 1 : -1));
  const X = y.map((label) => shape(label, draw()).map((coordinate) => coordinate + noise * normal(draw)));
  return { X, y };
}

// For each layer, for each neuron: its weights, uniform from -1 to 1 as those of `MLP`, and its bias after them, 0.
function firstWeights(sizes, draw) {
  return sizes.slice(1).map((neurons, depth) =>
    Array.from({ length: neurons }, () => [...Array.from({ length: sizes[depth] }, () => 2 * draw() - 1), 0]),
  );
}

// A function that draws numbers from 0 to 1: the generator mulberry32.
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

// A draw of the normal distribution, after Box and Muller.
const normal = (draw) => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
