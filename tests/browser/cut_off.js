// What of a page cannot be seen although the page is there: a list with a line for each fault.
async () => {
  const SLACK = 2 // pixels, for what is rounded
  const faults = []
  const name = (element) => `${element.localName}.${element.getAttribute("class") ?? ""} ${element.textContent.trim().slice(0, 60)}`
  const report = (element, fault) => faults.push(`${fault}: ${name(element)}`)

  for (const details of document.querySelectorAll("details")) details.open = true
  for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame) // tables see how wide they are

  const content = document.querySelector(".md-content")
  for (const element of content.querySelectorAll("*")) {
    if (element.closest("svg *, math *, .playground-editor, select")) continue
    const { overflowX, overflowY } = getComputedStyle(element)
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element
    if (overflowX !== "visible" && scrollWidth > clientWidth + SLACK) report(element, `${scrollWidth} in ${clientWidth} px`)
    if (overflowY !== "visible" && scrollHeight > clientHeight + SLACK) report(element, `${scrollHeight} of ${clientHeight} px high`)
    const { left, right, width } = element.getBoundingClientRect()
    if (width > 1 && (left < -SLACK || right > innerWidth + SLACK)) report(element, `from ${left} to ${right} of ${innerWidth} px`)
  }
  for (const svg of content.querySelectorAll(".drawing svg")) {
    const [x, y, width, height] = svg.getAttribute("viewBox").split(" ").map(Number)
    const box = svg.getBBox()
    const inside =
      box.x >= x - SLACK && box.y >= y - SLACK && box.x + box.width <= x + width + SLACK && box.y + box.height <= y + height + SLACK
    if (!inside) report(svg, "larger than its frame")
  }
  for (const frame of content.querySelectorAll("iframe.film")) {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = frame.contentDocument.documentElement
    if (scrollWidth > clientWidth || scrollHeight > clientHeight) {
      report(frame, `a film of ${scrollWidth} x ${scrollHeight} in ${clientWidth} x ${clientHeight} px`)
    }
  }
  return faults
}
