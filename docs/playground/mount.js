// Brings a page's playground to life. The theme swaps pages without loading them anew, and says so by `document$`.
// This and all that it imports is one script in the site, as is worker.js: browsers import no modules from a disk.

import { mount as playground } from "./playground.js";
import { mount as training } from "./training.js";

const mounts = { playground, training };
let leave = null;

window.document$.subscribe(() => {
  leave?.();
  leave = null;
  const root = document.querySelector("[data-playground]");
  if (!root) return;
  leave = mounts[root.dataset.playground](root);
  for (const button of root.querySelectorAll("button")) button.disabled = false; // nobody listened to them before
});
