// The line that says what Python is doing, and the bar while it is being fetched.

export class Status {
  constructor(root) {
    this.words = root.querySelector("[role=status]");
    this.bar = root.querySelector("progress");
  }

  say(words) {
    this.bar.hidden = true;
    if (this.words.textContent !== words) this.words.textContent = words; // said once by a screen reader
  }

  loading(fraction) {
    this.say(fraction < 1 ? `Fetching Python, ${Math.floor(fraction * 10) * 10} %` : "Starting Python");
    this.bar.hidden = false;
    this.bar.value = fraction;
  }
}
