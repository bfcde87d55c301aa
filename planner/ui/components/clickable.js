// Shows HTML whose buttons and lists carry data-choose (what is chosen) and data-value (which one), and tells the script which was chosen.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".clickable")

  if (root.shown !== data.html) {
    const focused = root.getRootNode().activeElement?.dataset?.focus
    root.innerHTML = data.html
    root.shown = data.html
    if (focused) root.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus()
  }

  const choose = (what, value) => setTriggerValue("chosen", `${what}=${value}`)

  root.onclick = (event) => {
    const button = event.target.closest("button[data-choose]")
    if (button) choose(button.dataset.choose, button.dataset.value)
  }

  root.onchange = (event) => {
    const list = event.target.closest("select[data-choose]")
    if (list) choose(list.dataset.choose, list.value)
  }

  // Beside Tab: arrow keys go from one visit (or start day) to the next, Page Up and Page Down to the months beside, Escape closes.
  root.onkeydown = (event) => {
    const button = event.target.closest("td button")
    if (!button || event.altKey || event.ctrlKey || event.metaKey) return
    const all = [...root.querySelectorAll("td button")]
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }
    if (event.key in steps) {
      all[all.indexOf(button) + steps[event.key]]?.focus()
    } else if (event.key === "Home" || event.key === "End") {
      all.at(event.key === "Home" ? 0 : -1).focus()
    } else if (event.key === "PageUp" || event.key === "PageDown") {
      const beside = root.querySelectorAll("button.go")[event.key === "PageUp" ? 0 : 1]
      if (!beside) return
      beside.focus()
      beside.click()
    } else if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      button.click()
    } else {
      return
    }
    event.preventDefault()
  }
}
