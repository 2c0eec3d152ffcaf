// A table that is wider than the page scrolls in a box that the theme puts around it. Let the keyboard scroll it too.
document$.subscribe(() => {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) box.tabIndex = 0
})
