// Brings the playground of a page to life. This and all that it imports is one script in the site, as is worker.js:
// browsers import no modules from a disk.

import { mount as playground } from "./playground.js";
import { mount as training } from "./training.js";

const root = document.querySelector("[data-playground]");
if (root) {
  const mounts = { playground, training };
  mounts[root.dataset.playground](root);
  for (const button of root.querySelectorAll("button")) button.disabled = false; // nobody listened to them before
}
