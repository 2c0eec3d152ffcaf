// A text area that shows Python in colour and indents it.

import { createEditor } from "prism-code-editor";
import { defaultCommands, editHistory, setIgnoreTab } from "prism-code-editor/commands";
import "prism-code-editor/languages/python";
import layout from "prism-code-editor/layout.css";
import "prism-code-editor/prism/languages/python";

// Puts an editor into `place`; Ctrl+Enter calls `run`.
export function editor(place, value, run) {
  place.append(Object.assign(document.createElement("style"), { textContent: layout }));
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
