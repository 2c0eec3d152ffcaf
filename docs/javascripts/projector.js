// Projector mode: large type and no side navigation, so that a lecture hall can read a page. `?projector` in an address,
// or a button with `data-projector-switch`, begins it; it lasts for the session, from page to page, until it is left.

{
  const KEY = "micrograd.projector";
  const root = document.documentElement;

  const bar = document.createElement("aside");
  bar.className = "projector-bar";
  bar.ariaLabel = "Projector mode";
  const leave = document.createElement("button");
  leave.type = "button";
  leave.textContent = "Leave projector mode";
  leave.addEventListener("click", () => set(false));
  bar.append(leave);

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
  const address = new URL(location.href);
  const asked = address.searchParams.get("projector");
  if (asked === null) show(kept());
  else {
    address.searchParams.delete("projector");
    history.replaceState(history.state, "", address);
    set(asked !== "off");
    if (asked === "end") scrollTo({ top: root.scrollHeight, behavior: "instant" });
  }
  addEventListener("pageshow", () => show(kept())); // a page that one goes back to may be as it was left

  for (const part of document.querySelectorAll("[data-projector-switch]")) {
    part.disabled = false;
    part.addEventListener("click", () => set(!isOn()));
  }

  // The keys of a presenter's remote control scroll, as they do everywhere. Only where there is nothing left to scroll,
  // a new press goes on to the next page, or back to the end of the one before. The key that blanks a screen, a full
  // stop, would do so too, by the theme, in the middle of a page. After a click into a film, the film gets the keys.
  function press(event) {
    const { key, target, repeat, ctrlKey, altKey, metaKey, shiftKey } = event;
    if (!isOn() || repeat || ctrlKey || altKey || metaKey || shiftKey || target.closest("input, textarea, select")) return;
    const end = root.scrollHeight - innerHeight - 2;
    if (key === "PageDown" && scrollY >= end) go("next", "on");
    if (key === "PageUp" && scrollY <= 0) go("prev", "end");
    if (key === ".") event.stopPropagation();
  }

  document.addEventListener("keydown", press);
  for (const frame of document.querySelectorAll("iframe.film")) {
    frame.addEventListener("load", () => frame.contentDocument?.addEventListener("keydown", press)); // none from a disk
  }

  function go(where, wish) {
    const link = document.querySelector(`.md-footer__link--${where}`);
    if (!link) return;
    const address = new URL(link.href);
    address.searchParams.set("projector", wish);
    location.assign(address);
  }
}
