// Shows HTML with links that carry data-follow: a plain press stays in this session, any other (new tab, copied address) is the browser's.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".clickable")
  if (root.shown !== data.html) {
    root.innerHTML = data.html
    root.shown = data.html
  }
  root.onclick = (event) => {
    const link = event.target.closest("a[data-follow]")
    if (!link || event.button || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    setTriggerValue("followed", link.dataset.follow)
  }
}
