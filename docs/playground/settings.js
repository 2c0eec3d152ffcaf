// The settings of the training view: a form, whose values are in the address of the page and kept in the browser.

import { read, write } from "./storage.js";

const STORED = "micrograd.training";

// Sets the form as the address says, or else as it was left the last time. Returns what the address asks for in vain;
// then the address says what there is instead.
export function open(form) {
  form.reset();
  const asked = location.hash.slice(1);
  if (!asked.includes("=")) {
    // it may lead to a heading
    set(form, Object.entries(read(STORED)));
    return [];
  }
  const missing = set(form, [...new URLSearchParams(asked)]);
  if (missing.length) putIntoAddress(form);
  return missing;
}

// Puts the settings into the address, and keeps them.
export function keep(form) {
  putIntoAddress(form);
  write(STORED, Object.fromEntries(new FormData(form)));
}

function putIntoAddress(form) {
  history.replaceState(history.state, "", `#${new URLSearchParams(new FormData(form))}`);
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
