import { listenToPages } from './bridge.js';
import { openBrowser } from './browser.js';
import { renderConsole } from './console/index.js';
import { toast } from './dialogs.js';
import { render } from './dom.js';
import { appViews } from './app.js';
import { statusBar, tickClock } from './status-bar.js';
import { change, handOver, keepFresh, onChange, refresh, store } from './store.js';

const app = document.getElementById('app');

onChange(() => {
  document.body.classList.toggle('console-open', store.isConsoleOpen);
  render(document.getElementById('status-bar'), statusBar());
  keepFocus(() => keepScroll(() => render(app, appViews())));
  renderConsole();
});

/** A chat stays at its end while new lines come, unless the person has scrolled up; a newly opened one starts there. */
function keepScroll(draw) {
  const before = app.querySelector('.lines');
  const wasAtEnd = !before || before.scrollHeight - before.scrollTop - before.clientHeight < 60;
  const chat = before?.dataset.chat;
  draw();
  const after = app.querySelector('.lines');
  if (after && (wasAtEnd || after.dataset.chat !== chat)) after.scrollTop = after.scrollHeight;
}

/** Whoever works by keyboard does not fall out of the phone when a screen takes the place of another. */
function keepFocus(draw) {
  const wasInside = app.contains(document.activeElement);
  draw();
  if (wasInside && !app.contains(document.activeElement)) app.querySelector('button')?.focus();
}

/** Somebody must hold the phone: who the address names, else who held it, else the first person. */
async function findHolder() {
  const wanted = new URLSearchParams(location.search).get('person');
  if (wanted && wanted !== store.state?.person?.id) {
    const answer = await handOver(wanted);
    if (!answer.ok) toast(`没有“${wanted}”这个人`);
  }
  if (store.state && !store.state.person) await handOver(store.state.people[0].id);
}

async function start() {
  listenToPages();
  await refresh();
  await findHolder();
  const address = new URLSearchParams(location.search).get('open');
  keepFresh();
  tickClock();
  change({});
  if (address) openBrowser(address);
}

await start();
document.body.dataset.ready = 'true';
