// The settings of the training view: a form, whose values are in the address of the page and kept in the browser.

const KEPT = "micrograd.training";

export const written = (form) => new URLSearchParams(new FormData(form)).toString();

// Sets the form as the address says, or else as it was left the last time. Returns what the address asks for in vain.
export function open(form) {
  form.reset();
  const asked = location.hash.slice(1);
  if (asked.includes("=")) return set(form, asked); // and does not lead to a heading
  set(form, kept());
  return [];
}

// Puts the settings into the address, and keeps them.
export function keep(form) {
  history.replaceState(history.state, "", `#${written(form)}`);
  try {
    localStorage.setItem(KEPT, written(form));
  } catch {
    // full or forbidden: the address has them
  }
}

function kept() {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

// Sets what `settings` names; what it leaves out stays. Returns what there is not.
function set(form, settings) {
  return [...new URLSearchParams(settings)]
    .filter(([name, value]) => !offers(form.elements[name], value))
    .map((pair) => pair.join("="));
}

function offers(field, value) {
  if (!field?.name || !value) return false;
  const before = field.value;
  field.value = value;
  if (field.value === value && field.checkValidity()) return true;
  field.value = before;
  return false;
}
