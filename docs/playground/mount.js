// Brings a page's playground to life. The theme swaps pages without loading them anew, and says so by `document$`.

let leave = null;

window.document$.subscribe(async () => {
  leave?.();
  leave = null;
  const root = document.querySelector("[data-playground]");
  if (!root) return;
  const { mount } = await import(`./${root.dataset.playground}.js`);
  if (!root.isConnected) return;
  leave = mount(root);
  for (const button of root.querySelectorAll("button")) button.disabled = false; // nobody listened to them before
});
