// A table that is wider than the page is shown row by row instead: its cells below each other, each with the heading of
// its column.
const boxes = new ResizeObserver((entries) => entries.forEach(({ target }) => fit(target)))

document$.subscribe(() => {
  boxes.disconnect()
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
    label(box.querySelector("table"))
    boxes.observe(box)
  }
})

function label(table) {
  const headings = [...table.querySelectorAll("thead th")].map((heading) => heading.textContent)
  for (const row of table.tBodies[0].rows) {
    for (const [column, cell] of [...row.cells].entries()) cell.dataset.heading = headings[column]
  }
}

function fit(box) {
  box.classList.remove("by-row")
  box.classList.toggle("by-row", box.scrollWidth > box.clientWidth)
}
