// Projector mode: large type and no side navigation, so that a lecture hall can read a page. `?projector` in an address,
// or a button with `data-projector`, begins it; it lasts for the session, from page to page, until somebody leaves it.

{
  const KEY = "micrograd.projector";
  const root = document.documentElement;

  const bar = document.createElement("aside");
  bar.className = "projector-bar";
  bar.ariaLabel = "Projector mode";
  bar.append(button("Full screen", fullScreen), button("Leave projector mode", () => set(false)));

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen();
  }

  // A browser may forbid to keep anything. Then the mode ends with the page.
  function kept() {
    try {
      return sessionStorage.getItem(KEY) === "on";
    } catch {
      return isOn();
    }
  }

  function keep(on) {
    try {
      if (on) sessionStorage.setItem(KEY, "on");
      else sessionStorage.removeItem(KEY);
    } catch {}
  }

  const isOn = () => "projector" in root.dataset;

  function set(on) {
    keep(on);
    show(on);
  }

  function show(on) {
    if (on && !isOn()) {
      root.dataset.projector = "";
      document.body.append(bar);
    } else if (!on && isOn()) {
      delete root.dataset.projector;
      bar.remove();
      document.querySelector("[data-projector-switch]")?.focus();
    }
    for (const part of document.querySelectorAll("[data-projector-switch]")) part.ariaPressed = String(on);
  }

  // What the address asks for is done once, and taken out of it: a later reload must not undo what was chosen since.
  function asked() {
    const address = new URL(location.href);
    const wish = address.searchParams.get("projector");
    if (wish === null) return kept();
    address.searchParams.delete("projector");
    history.replaceState(history.state, "", address);
    keep(wish !== "off");
    return wish !== "off";
  }

  let going = false; // to another page, by a key

  window.document$.subscribe(() => {
    show(asked());
    if (going) requestAnimationFrame(() => scrollTo(0, 0)); // the theme may go to where the page before was left
    going = false;
    for (const part of document.querySelectorAll("[data-projector-switch]")) {
      part.disabled = false;
      part.addEventListener("click", () => set(!isOn()));
    }
  });

  // The keys of a presenter's remote control scroll, as they do everywhere. Only where there is nothing left to scroll,
  // a new press goes on to the next page, or back to the one before. The key that blanks a screen, a full stop, would do
  // so too, by the theme, in the middle of a page.
  document.addEventListener("keydown", (event) => {
    const { key, target, repeat, ctrlKey, altKey, metaKey, shiftKey } = event;
    if (!isOn() || repeat || ctrlKey || altKey || metaKey || shiftKey || target.closest("input, textarea, select")) return;
    const end = root.scrollHeight - innerHeight - 2;
    if (key === "PageDown" && scrollY >= end) go("next");
    if (key === "PageUp" && scrollY <= 0) go("prev");
    if (key === ".") event.stopPropagation();
  });

  function go(where) {
    going = true;
    document.querySelector(`.md-footer__link--${where}`)?.click();
  }
}
