// Draws a network on canvases, in the colours of the drawings: blue is positive, orange negative.

import { activations, grid, SIDE } from "./network.js";

const LIGHT = { paper: [255, 255, 255], ink: [17, 24, 39], positive: [86, 154, 249], negative: [240, 117, 47] };
const DARK = { paper: [15, 20, 28], ink: [243, 244, 246], positive: [37, 99, 235], negative: [194, 65, 12] };

// How far the plane is drawn in each direction: all points are in it, and where they are close together it stays the same.
export function reachOf({ training, test }) {
  return Math.max(1.8, 1.05 * Math.max(...[training.X, test.X].flat(2).map(Math.abs)));
}

// The boundary, the points to train on, and those to test with, which are hollow.
export function drawBoundary(canvas, { weights, training, test, reach }) {
  const context = canvas.getContext("2d");
  const { width, height } = canvas;
  const [scores] = activations(weights, grid(reach)).at(-1);
  context.drawImage(map(scores), 0, 0, width, height);
  for (const { X, y, hollow } of [{ ...test, hollow: true }, training]) {
    X.forEach(([x1, x2], i) => {
      context.beginPath();
      context.arc(((x1 / reach + 1) / 2) * width, ((1 - x2 / reach) / 2) * height, width / 80, 0, 2 * Math.PI);
      context.fillStyle = context.strokeStyle = css(signed(y[i]));
      if (hollow) ring(context, width);
      else disc(context, width);
    });
  }
}

function disc(context, width) {
  context.fill();
  context.lineWidth = width / 280;
  context.strokeStyle = css(colours().ink);
  context.stroke();
}

// In its colour, with an edge that shows on a plane of the same one.
function ring(context, width) {
  const colour = context.strokeStyle;
  context.lineWidth = width / 110;
  context.strokeStyle = css(colours().ink, 0.55);
  context.stroke();
  context.lineWidth = width / 180;
  context.strokeStyle = colour;
  context.stroke();
}

// The neurons in columns, each with what it says over the plane, and the weights as lines between them.
export function drawNetwork(canvas, { weights, reach }) {
  const context = canvas.getContext("2d");
  const { width, height } = canvas;
  const layers = activations(weights, grid(reach));
  const tile = Math.min(height / (1.2 * Math.max(...layers.map((neurons) => neurons.length))), height / 5);
  const place = (depth, i) => [
    tile * 0.7 + (depth / (layers.length - 1)) * (width - tile * 1.4),
    height / 2 + (i - (layers[depth].length - 1) / 2) * tile * 1.18,
  ];
  context.clearRect(0, 0, width, height);
  weights.forEach((neurons, depth) => {
    neurons.forEach((numbers, i) => {
      numbers.slice(0, -1).forEach((weight, j) => {
        const [x1, y1] = place(depth, j);
        const [x2, y2] = place(depth + 1, i);
        context.beginPath();
        context.moveTo(x1, y1);
        context.bezierCurveTo((x1 + x2) / 2, y1, (x1 + x2) / 2, y2, x2, y2);
        context.lineWidth = Math.min(12, 0.6 + 4 * Math.abs(weight));
        context.strokeStyle = css(signed(weight), Math.min(1, 0.25 + Math.abs(weight) / 2));
        context.stroke();
      });
    });
  });
  layers.forEach((neurons, depth) => {
    neurons.forEach((outputs, i) => {
      const [x, y] = place(depth, i);
      context.drawImage(map(outputs), x - tile / 2, y - tile / 2, tile, tile);
      context.lineWidth = 2;
      context.strokeStyle = css(colours().ink, 0.5);
      context.strokeRect(x - tile / 2, y - tile / 2, tile, tile);
    });
  });
}

// Losses, each with its epoch, as the points of a polyline: from the left to the right, 0 at the bottom.
export function curve(losses, { epochs, top, width, height }) {
  const step = Math.max(1, Math.floor(losses.length / width));
  return losses
    .filter((_, i) => i % step === 0 || i === losses.length - 1)
    .map(({ epoch, loss }) => [(epoch / epochs) * width, (1 - Math.min(1, loss / top)) * height])
    .map((point) => point.map((number) => number.toFixed(1)).join(","))
    .join(" ");
}

// Numbers over the plane as a small picture; the page makes it larger.
function map(outputs) {
  const picture = new ImageData(SIDE, SIDE);
  const { paper } = colours();
  outputs.forEach((output, i) => {
    const colour = signed(output);
    const share = 0.85 * Math.tanh(Math.abs(output));
    for (let c = 0; c < 3; c++) picture.data[4 * i + c] = paper[c] + share * (colour[c] - paper[c]);
    picture.data[4 * i + 3] = 255;
  });
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return canvas;
}

const colours = () => (document.body.dataset.mdColorScheme === "slate" ? DARK : LIGHT);
const signed = (number) => (number > 0 ? colours().positive : colours().negative);
const css = (colour, opacity = 1) => `rgb(${colour.join(" ")} / ${opacity})`;
