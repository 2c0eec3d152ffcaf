// A text area that shows Python in colour, indents it, and can undo.

import { createEditor } from "prism-code-editor";
import { defaultCommands, editHistory, setIgnoreTab } from "prism-code-editor/commands";
import "prism-code-editor/languages/python";
import layout from "prism-code-editor/layout.css";
import "prism-code-editor/prism/languages/python";

const MOST_LETTERS = 100_000; // with more the page would stand still for seconds
const MOST_LINES = 5_000;

export const TAKES = `The editor takes ${MOST_LETTERS.toLocaleString("en")} letters and ${MOST_LINES.toLocaleString("en")} lines`;
export const fits = (code) => code.length <= MOST_LETTERS && code.split("\n").length <= MOST_LINES;

// Puts an editor into `place`; Ctrl+Enter calls `run`, every change `changed`, and what does not fit `refused`.
export function editor(place, { run, changed, refused }) {
  place.append(Object.assign(document.createElement("style"), { textContent: layout }));
  const made = createEditor(place, { language: "python", tabSize: 4, wordWrap: true }, defaultCommands(), editHistory());
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
  made.textarea.addEventListener("input", changed);
  made.textarea.addEventListener("beforeinput", (event) => {
    const { value, selectionStart, selectionEnd } = made.textarea;
    if (!event.data || fits(value.slice(0, selectionStart) + event.data + value.slice(selectionEnd))) return;
    event.preventDefault();
    refused(`${TAKES}: this is more.`);
  });
  return {
    get code() {
      return made.textarea.value;
    },
    // Shows another text, of which there is nothing to undo.
    open: (code) => made.setOptions({ value: code }),
    // Changes the text as typing does, so that it can be undone.
    replace: (code) => replace(made.textarea, code),
  };
}

function replace(textarea, code) {
  const inputType = "insertReplacementText";
  textarea.dispatchEvent(new InputEvent("beforeinput", { inputType }));
  textarea.value = code;
  textarea.dispatchEvent(new InputEvent("input", { inputType }));
}
