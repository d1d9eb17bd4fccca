// What is read without network: asked for now and then, kept for a week at most, and gone where the server refuses it.
import { drop, get, put } from './store.js';

const URL_OF = '/offline/customers/';
const FRESH = 30 * 60 * 1000; // ms in which it is not asked for again
const OLDEST = 7 * 24 * 3600 * 1000;

/** Where the phone is, where it may say so already; nobody is asked. */
async function position() {
  try {
    if ((await navigator.permissions.query({ name: 'geolocation' })).state !== 'granted') return '';
    return await new Promise(resolve => {
      navigator.geolocation.getCurrentPosition(({ coords }) => resolve(`?at=${coords.latitude.toFixed(4)},${coords.longitude.toFixed(4)}`), () => resolve(''), { maximumAge: 3600_000, timeout: 5000 });
    });
  } catch { return ''; }
}

/** What is kept for `who`; null for nothing, or nothing young enough. */
export async function held(who) {
  const found = who ? await get('kept', who) : null;
  if (found && Date.now() - found.asked > OLDEST) { await drop('kept', who); return null; }
  return found ?? null;
}

/** Asks for it anew where it is not fresh; resolves to what is kept then. */
export async function refresh(who) {
  const before = await held(who);
  if (before && Date.now() - before.asked < FRESH) return before;
  let answer;
  try {
    answer = await fetch(URL_OF + await position(), { headers: { Accept: 'application/json', 'Gx-Who': who }, cache: 'no-store', redirect: 'manual' });
  } catch { return before; }
  if (answer.status === 401 || answer.status === 403) { await drop('kept', who); return null; }
  if (!answer.ok || !answer.headers.get('Content-Type')?.startsWith('application/json')) return before;
  const found = { ...await answer.json(), who, asked: Date.now() };
  await put('kept', found);
  navigator.serviceWorker?.controller?.postMessage('again');
  return found;
}
