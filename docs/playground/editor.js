// A text area that shows Python in colour and indents it.

import { defaultCommands, editHistory, setIgnoreTab } from "./editor/extensions/commands/index.js";
import { createEditor } from "./editor/index.js";
import "./editor/languages/python.js";
import "./editor/prism/languages/python.js";

const LAYOUT = new URL("editor/layout.css", import.meta.url).href;

// Puts an editor into `place`; Ctrl+Enter calls `run`.
export function editor(place, value, run) {
  place.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: LAYOUT }));
  const made = createEditor(place, { language: "python", tabSize: 4, value }, defaultCommands(), editHistory());
  made.textarea.ariaLabel = "Python code";
  made.textarea.addEventListener("focus", () => setIgnoreTab(false));
  place.addEventListener(
    "keydown",
    (event) => {
      const runs = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      if (event.key !== "Escape" && !runs) return;
      event.stopPropagation(); // the editor would start a line, and the theme take the focus away
      if (runs) run();
      else setIgnoreTab(true); // so the next Tab leaves
    },
    true,
  );
  return made;
}
