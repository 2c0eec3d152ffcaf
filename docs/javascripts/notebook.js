// A notebook that is downloaded leads back to the site that it came from, wherever that is: its links, which are relative
// on a site that does not know its address, become whole on the way. From a disk it comes as it is: nothing can be read
// there, and beside the pages the links work.

const RELATIVE = /\]\((?!\w+:|#)([^)]+)\)/g;

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[download][href$=".ipynb"]');
  if (!link || location.protocol === "file:") return;
  event.preventDefault();
  download(link.href).catch(() => location.assign(link.href));
});

async function download(address) {
  const book = await (await fetch(address)).json();
  const whole = (_, path) => `](${new URL(path, address)})`;
  for (const cell of book.cells) {
    if (cell.cell_type === "markdown") cell.source = cell.source.map((line) => line.replace(RELATIVE, whole));
  }
  const file = new Blob([JSON.stringify(book, null, 1)], { type: "application/x-ipynb+json" });
  const href = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href, download: address.split("/").at(-1) }).click();
  URL.revokeObjectURL(href);
}
