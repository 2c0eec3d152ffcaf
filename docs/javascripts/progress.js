// The tutorial shows which exercises the reader has solved in the playground, which keeps them in the browser:
// `micrograd.progress` is an object such as {"03-chain-rule/2": true}. Chapters get a tick at each solved exercise, the
// project says how many points that makes, and the first page how many there are; it can save them to a file, read them
// from one, and forget them.

{
  const STORED = "micrograd.progress";
  const MARK = /^[\w-]+\/\d+$/;

  function stored() {
    try {
      return marksIn(JSON.parse(localStorage.getItem(STORED)));
    } catch {
      return {};
    }
  }

  function store(marks) {
    try {
      localStorage.setItem(STORED, JSON.stringify(marks));
    } catch {
      // then it cannot be kept, and the page goes on showing what was there
    }
    show();
  }

  const marksIn = (value) => Object.fromEntries(Object.entries(value ?? {}).filter(([key, is]) => MARK.test(key) && is === true));

  function show() {
    for (const old of document.querySelectorAll(".progress")) old.remove();
    const marks = stored();
    for (const link of document.querySelectorAll(".in-playground a")) {
      const { lesson, exercise } = Object.fromEntries(new URLSearchParams(link.hash.slice(1)));
      if (marks[`${lesson}/${exercise}`]) link.after(words(" ✓ solved", "solved"));
    }
    for (const grade of document.querySelectorAll("[data-points]")) grade.textContent = gradeOf(grade.dataset, marks);
    let done = 0;
    let all = 0;
    for (const link of document.querySelectorAll("a[data-exercises]")) {
      const numbers = link.dataset.exercises.split(" ");
      const solved = numbers.filter((number) => marks[`${link.dataset.lesson}/${number}`]).length;
      link.after(words(` (${solved} of ${numbers.length} solved)`, solved === numbers.length ? "solved" : ""));
      done += solved;
      all += numbers.length;
    }
    if (all) document.querySelector("a[data-exercises]").closest("ol, ul").after(summary(done, all));
  }

  function gradeOf({ lesson, points }, marks) {
    const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
    const all = points.split(" ").map(Number);
    const earned = all.filter((_, i) => marks[`${lesson}/${i + 1}`]);
    return `You have ${total(earned)} of ${total(all)} points, as this browser remembers.`;
  }

  function words(text, name = "") {
    return Object.assign(document.createElement("span"), { className: `progress ${name}`, textContent: text });
  }

  function summary(done, all) {
    const box = Object.assign(document.createElement("p"), { className: "progress" });
    const buttons = Object.assign(document.createElement("span"), { className: "buttons" });
    buttons.append(button("Save to a file", save), button("Read from a file", open), button("Forget", forget));
    box.append(`${done} of ${all} exercises solved, as this browser remembers. `, buttons);
    return box;
  }

  const button = (text, action) =>
    Object.assign(document.createElement("button"), { type: "button", className: "md-button", textContent: text, onclick: action });

  function save() {
    const href = URL.createObjectURL(new Blob([JSON.stringify(stored(), null, 1)], { type: "application/json" }));
    Object.assign(document.createElement("a"), { href, download: "micrograd-progress.json" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }

  function open() {
    const field = Object.assign(document.createElement("input"), { type: "file", accept: ".json,application/json" });
    field.onchange = async () => {
      const marks = marksOf(await field.files[0].text().catch(() => ""));
      store({ ...stored(), ...marks });
      const { length } = Object.keys(marks);
      alert(length ? `Solved exercises read from the file: ${length}.` : "There is no progress in this file.");
    };
    field.click();
  }

  // Of exercises that there are: a file may hold anything.
  function marksOf(text) {
    const known = new Set();
    for (const { dataset } of document.querySelectorAll("a[data-exercises]")) {
      for (const number of dataset.exercises.split(" ")) known.add(`${dataset.lesson}/${number}`);
    }
    try {
      const marks = Object.entries(marksIn(JSON.parse(text)));
      return Object.fromEntries(marks.filter(([key]) => known.has(key)));
    } catch {
      return {};
    }
  }

  function forget() {
    if (confirm("Forget which exercises are solved? What you typed stays.")) store({});
  }

  show();
  addEventListener("storage", show);
  addEventListener("pageshow", show);
}
