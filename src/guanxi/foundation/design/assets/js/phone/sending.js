// The queue is sent in order, one after the other, by one page or worker at a time. An entry goes when the server says
// with `Gx-Done` that it was carried out, and only then; its key makes the server carry it out once, however often it comes.
import { all, drop, put, tell } from './store.js';

const HELLO = '/offline/hello/';
const LATER = new Set([408, 425, 429]);
const LONGEST = 28 * 24 * 3600 * 1000; // a little less than the server knows its keys
const KEPT = 60_000; // characters of an answer

/** The entries of `who`, oldest first. */
export const entries = async who => (await all('queue')).filter(entry => entry.who === who);

/** 32 random hexadecimal digits, on an address without TLS too. */
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');

/** Runs `act` while no other page holds `name`; resolves to null where one does. */
export function alone(name, act) {
  if (!navigator.locks) return act(); // an address without TLS
  return navigator.locks.request(name, { ifAvailable: true }, lock => (lock ? act() : null));
}

/** What an answer means for its entry: 'done'; 'refused', for good; else why it goes on waiting: 'signin', 'stale' (the proof
    against forged forms has changed), 'later', 'away' (no answer of the server's: a portal in between). */
export function verdict(status, header) {
  if (header('Gx-Done') === '1') return 'done';
  if (status === 401) return 'signin';
  if (status === 403 && header('Gx-Stale') === '1') return 'stale';
  if (status >= 500 || LATER.has(status)) return 'later';
  return status >= 400 ? 'refused' : 'away';
}

/** Sends what waits. Resolves to {sent: [entry], state, token: the fresh one, if any}; `state` is 'done', 'away' (no network), 'later' (the server is busy),
    'signin' (somebody else, or nobody, is signed in); null where another page is at it. */
export function send(who) {
  return alone('gx-queue', async () => {
    const sent = [];
    let token = '';
    let renewed = null; // the entry for which the token was asked for once more
    for (;;) {
      const entry = next(await entries(who));
      if (!entry) return { sent, state: 'done', token };
      if (!token) {
        const hello = await greet(who);
        if (hello.state) return { sent, state: hello.state, token };
        token = hello.token;
      }
      const state = await alone(`gx-entry-${entry.key}`, () => one(entry, token, sent)) ?? 'later'; // its own page is sending it
      tell(sent.at(-1)?.key === entry.key ? { who, key: entry.key, label: entry.label, page: entry.page } : null);
      if (state === 'stale' && renewed !== entry.id) { renewed = entry.id; token = ''; continue; }
      if (state) return { sent, state: state === 'stale' ? 'later' : state, token };
    }
  });
}

// What comes after one that the server refused waits with it where it is about the same record.
function next(waiting) {
  const stopped = new Set();
  for (const entry of waiting) {
    if (entry.state === 'stopped') stopped.add(entry.about);
    else if (!stopped.has(entry.about)) return entry;
  }
  return null;
}

/** Who is signed in, with a fresh proof against forged forms. */
async function greet(who) {
  try {
    const answer = await fetch(HELLO, { headers: { Accept: 'application/json' }, cache: 'no-store', redirect: 'manual' });
    if (answer.status === 401 || answer.status === 403) return { state: 'signin' };
    if (!answer.ok) return { state: answer.status >= 500 ? 'later' : 'away' };
    const said = await answer.json();
    return said.who === who ? { token: said.token } : { state: 'signin' };
  } catch { return { state: 'away' }; } // no network, or somebody in between who answers for the server
}

async function one(entry, token, sent) {
  if (Date.now() - entry.at > LONGEST) return stop(entry, 0, '');
  let answer;
  try {
    answer = await fetch(entry.url, { method: 'POST', body: body(entry), headers: headers(entry, token), redirect: 'manual' });
  } catch { return 'away'; }
  const meant = verdict(answer.status, name => answer.headers.get(name));
  if (meant === 'done') {
    await drop('queue', entry.id);
    sent.push({ ...entry, goes: answer.headers.get('Gx-Location') ?? '', said: toasted(answer) });
    return '';
  }
  if (meant !== 'refused') return meant;
  const text = await answer.text();
  return stop(entry, answer.status, toasted(answer) || text.slice(0, KEPT), warned(text));
}

/** The button of a page that goes on in spite of a warning: what it sends and what it says. (A worker has no parser.) */
function warned(text) {
  const [, codes, label] = /<button[^>]* name="accept_warnings" value="([^"]+)"[^>]*>([^<]+)</.exec(text) ?? [];
  return codes ? { codes, label: label.trim() } : null;
}

async function stop(entry, status, answer, warning = null) {
  await put('queue', { ...entry, state: 'stopped', status, answer, warning });
  return '';
}

function headers(entry, token) {
  const ago = Math.max(0, Math.round((Date.now() - entry.at) / 1000));
  return {
    'Idempotency-Key': entry.key, 'Gx-Who': entry.who, 'Gx-Queue': '1', 'Gx-Done-Ago': String(ago), 'X-CSRFToken': token,
    Accept: 'application/json, text/html', ...(entry.part ? { 'HX-Request': 'true' } : {}),
  };
}

function body(entry) {
  const files = entry.fields.some(([, value]) => typeof value !== 'string');
  const made = files ? new FormData() : new URLSearchParams();
  for (const [name, value] of entry.fields) made.append(name, value);
  return made;
}

function toasted(answer) {
  try { return JSON.parse(answer.headers.get('HX-Trigger') ?? '{}')['gx:toast']?.text ?? ''; } catch { return ''; }
}
