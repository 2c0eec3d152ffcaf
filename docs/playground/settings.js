// The settings of the training view: a form, whose values are in the address of the page and kept in the browser.

import { read, write } from "./storage.js";

const STORED = "micrograd.training";

// Sets the form as the address says, or else as it was left the last time. Returns what the address asks for in vain.
export function open(form) {
  form.reset();
  const asked = location.hash.slice(1);
  if (asked.includes("=")) return set(form, [...new URLSearchParams(asked)]); // and does not lead to a heading
  set(form, Object.entries(read(STORED)));
  return [];
}

// Puts the settings into the address, and keeps them.
export function keep(form) {
  const settings = new FormData(form);
  history.replaceState(history.state, "", `#${new URLSearchParams(settings)}`);
  write(STORED, Object.fromEntries(settings));
}

// Sets what is named, and leaves the rest. Returns what there is not.
function set(form, settings) {
  return settings.filter(([name, value]) => !offers(form.elements[name], value)).map((pair) => pair.join("="));
}

function offers(field, value) {
  if (!field?.name || !value) return false;
  const before = field.value;
  field.value = value;
  if (field.value === value && field.checkValidity()) return true;
  field.value = before;
  return false;
}
