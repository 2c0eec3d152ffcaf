// What the browser keeps between visits: a JSON object under each name. Whatever happens to the storage (none, full,
// forbidden, damaged), reading gives an object, and what could not be written is there for as long as the page is open.

const unwritten = new Map();

export function read(name) {
  if (unwritten.has(name)) return structuredClone(unwritten.get(name));
  try {
    const value = JSON.parse(localStorage.getItem(name));
    return value && typeof value === "object" && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

// Gives whether it will be there on the next visit.
export function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    unwritten.delete(name);
    return true;
  } catch {
    unwritten.set(name, structuredClone(value));
    return false;
  }
}
