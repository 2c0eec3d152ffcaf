// Leaves of a page the first of all elements that look alike, by what they and all around them are called.
() => {
  const seen = new Set()

  function keep(element, around) {
    const look = `${around} ${element.localName}.${element.getAttribute("class")} ${element.getAttribute("style")}`
    let kept = !seen.has(look)
    seen.add(look)
    for (const child of [...element.children]) kept = keep(child, look) || kept
    if (!kept) element.remove()
    return kept
  }

  keep(document.body, "")
}
