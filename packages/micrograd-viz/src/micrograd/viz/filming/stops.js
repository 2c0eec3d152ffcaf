"use strict";

// Where a film stops in a view. What happens inside of a closed box, or outside of what shows, is one step to the eye.

/** The box of a view that each node is in, -1 for those that do not show, and the stops among the steps. */
function settle(film, view) {
  view.boxOf = film.nodes.map(() => -1);
  view.boxes.forEach((box, k) => box.nodes.forEach((i) => (view.boxOf[i] = k)));
  view.closed = view.boxes.map(({ nodes }) => nodes.length > 1);
  view.places = film.steps.map((step) => place(film, view, step));
  view.stops = film.steps.map((_, step) => step).filter((step) => !same(view.places[step], view.places[step + 1]));
}

/** Where a step happens: in the box `within`; along an `edge` or in a `node` if it is one of those that show. */
function place(film, view, { phase, node, edge }) {
  if (node === undefined && edge === undefined) return { phase };
  const within = view.boxOf[node ?? film.edges[edge].to];
  if (within < view.inputs) return { phase: "outside" };
  return view.closed[within] && phase !== "seed" ? { phase, within } : { phase, within, node, edge };
}

function same(place, other) {
  return other !== undefined && ["phase", "within", "node", "edge"].every((key) => place[key] === other[key]);
}

/** The steps up to `step` that are one to the eye, the last of them last. */
function span(view, step) {
  let first = step;
  while (first > 0 && same(view.places[first - 1], view.places[step])) first -= 1;
  return { first, last: step };
}

/** How many stops there are before a step, or before the one that it leads to. */
function stopsBefore(view, step) {
  return view.stops.filter((stop) => stop < step).length;
}
