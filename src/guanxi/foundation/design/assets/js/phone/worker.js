// On a phone, and where it was installed as an app, a service worker brings the page that is read without network.
// What it is to hold is asked for when somebody looks at his day or at a card.
import { held, refresh } from './keeping.js';
import { all, drop } from './store.js';

const who = document.querySelector('[data-gx-who]')?.dataset.gxWho ?? '';
const installed = matchMedia('(display-mode: standalone)').matches;
const phone = installed || matchMedia('(max-width: 720px), (pointer: coarse)').matches;
const reads = installed || /^\/(today|customers|people)\//.test(location.pathname);
const looking = document.querySelector('.gx-banner'); // through somebody else's eyes

async function begin() {
  // Whoever signs in here does not carry what somebody else was shown.
  for (const other of await all('kept')) if (other.who !== who) await drop('kept', other.who);
  await held(who);
  if (!phone || looking) return;
  await navigator.serviceWorker?.register('/sw.js');
  if (reads) await refresh(who);
}

const soon = self.requestIdleCallback ?? (then => setTimeout(then, 1000));
if (who && 'indexedDB' in self) addEventListener('load', () => soon(() => begin().catch(() => { /* then without */ })));
