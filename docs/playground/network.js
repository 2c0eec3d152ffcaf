// The network as plain numbers: what it says at every point of a grid, from the weights that Python sends.

export const SIDE = 48; // points of the grid in each direction

// The coordinates of the grid, from -reach to reach, as the outputs of two neurons would be.
export function grid(reach) {
  return [0, 1].map((axis) =>
    Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
      const place = axis ? SIDE - 1 - Math.floor(i / SIDE) : i % SIDE;
      return (((place + 0.5) / SIDE) * 2 - 1) * reach;
    }),
  );
}

// For the inputs and for each layer, what each of its neurons says at all points.
export function activations(weights, points) {
  const layers = [points];
  weights.forEach((neurons, depth) => {
    const last = depth === weights.length - 1;
    layers.push(neurons.map((numbers) => respond(numbers, layers.at(-1), last)));
  });
  return layers;
}

function respond(numbers, before, linear) {
  const bias = numbers.at(-1);
  const result = new Float64Array(before[0].length).fill(bias);
  before.forEach((outputs, i) => {
    for (let p = 0; p < result.length; p++) result[p] += numbers[i] * outputs[p];
  });
  return linear ? result : result.map((sum) => Math.max(0, sum));
}

// What the network makes of samples: its mean squared error, how many are on the right side, 0 to 1, and whether a
// hidden layer is silent, which says 0 to all of them, so that nothing can change before it.
export function measure(weights, { X, y }) {
  const columns = [0, 1].map((axis) => Float64Array.from(X, (sample) => sample[axis]));
  const layers = activations(weights, columns);
  const [scores] = layers.at(-1);
  const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / y.length;
  return {
    loss: mean(y.map((class_, i) => (scores[i] - class_) ** 2)),
    accuracy: mean(y.map((class_, i) => scores[i] > 0 === class_ > 0)),
    silent: layers.slice(1, -1).some((neurons) => neurons.every((outputs) => outputs.every((output) => output === 0))),
  };
}
