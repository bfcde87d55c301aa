// What the page itself has to be told. It stands on every page; nothing of it is seen.

const SOON = 2000

// To show another page, Streamlit first gives the entries of its address to the present page, and then changes the page: two steps in the
// browser's history, of which the first shows the page just left with entries that it does not know. Back has to lead to that page as it
// was, so the second step takes the place of the first.
function oneStepForOnePage() {
  if (window.hasOneStepForOnePage) return
  window.hasOneStepForOnePage = true
  const push = history.pushState.bind(history)
  let first = null
  history.pushState = (state, unused, url) => {
    const to = new URL(url ?? location.href, location.href)
    const isSecond = first && first.path === location.pathname && first.search === to.search && Date.now() - first.at < SOON
    if (to.pathname === location.pathname) {
      first = { path: to.pathname, search: to.search, at: Date.now() }
      push(state, unused, url)
    } else {
      first = null
      isSecond ? history.replaceState(state, unused, url) : push(state, unused, url)
    }
  }
}

// What the server said while the line was cut is lost: the page is drawn anew, so that it never shows less than what was saved.
function drawnAnewOnceBack(setTriggerValue) {
  window.drawTrialPlannerAnew = () => setTriggerValue('back', true)
  if (window.hasDrawnAnewOnceBack) return
  window.hasDrawnAnewOnceBack = true
  const app = document.querySelector('[data-testid="stApp"]')
  let wasCut = false
  new MutationObserver(() => {
    const isConnected = app.getAttribute('data-test-connection-state') === 'CONNECTED'
    if (isConnected && wasCut) window.drawTrialPlannerAnew()
    wasCut = !isConnected
  }).observe(app, { attributes: true, attributeFilter: ['data-test-connection-state'] })
}

// A server that was started anew is another session in the same window, and knows nothing of what was being entered: that is said. The mark
// is the window's own, so that nobody is told who loads the page anew.
function tellsWhatIsGone(session, isEntering, setTriggerValue) {
  const before = window.trialPlannerSession
  window.trialPlannerSession = { session, isEntering }
  if (before?.isEntering && before.session !== session) setTriggerValue('gone', true)
}

// Streamlit writes the links of the menu without what the address holds. A press stays in the session, whose language is kept; a new tab is
// a new session, and so the link has to carry the language. It is put there when it is about to be used, whatever drew the menu since.
function menuCarriesLanguage(language) {
  window.trialPlannerCarries = language
  if (window.hasMenuCarryingLanguage) return
  window.hasMenuCarryingLanguage = true
  const carry = (event) => {
    const link = event.target.closest?.('[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]')
    if (!link?.href) return
    const to = new URL(link.href)
    to.searchParams.delete('lang')
    if (window.trialPlannerCarries) to.searchParams.set('lang', window.trialPlannerCarries)
    if (link.href !== to.href) link.href = to.href
  }
  for (const kind of ['pointerover', 'pointerdown', 'focusin', 'contextmenu']) document.addEventListener(kind, carry, true)
}

export default function ({ data, setTriggerValue }) {
  document.documentElement.lang = data.language
  menuCarriesLanguage(data.carried)
  oneStepForOnePage()
  drawnAnewOnceBack(setTriggerValue)
  tellsWhatIsGone(data.session, data.isEntering, setTriggerValue)
}
