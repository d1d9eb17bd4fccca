// Drafts: what is typed in a form stays in this browser through errors, reloads, crashes and ended sessions, until
// it is saved, discarded, thirty days old, or somebody signs out here. Passwords are never kept.
//   <form data-gx-draft="customers-new">  keeps a draft under that key, by account and company
//   <form data-gx-guard>                  asks before leaving with unsaved changes (a draft implies it)
//   <form data-gx-inline>                 an editor in its place
//   <a data-gx-leave>                     leaves the form; the draft waits for its return
// Two windows with the same form write two drafts: the first holds the key (a web lock), the second "key#2".
import { announce, each, on, say, settled } from './core.js';
import { bare, grouped } from './figures.js';
import { toast } from './toasts.js';

const PREFIX = 'gx-draft:';
const KEPT = 30 * 24 * 3600 * 1000;
const SENT = 'gx-sent';
const LEFT = 'gx-left';
const who = () => document.querySelector('[data-gx-who]')?.dataset.gxWho ?? '';
const places = new WeakMap(); // form -> the key in the store
let signedOut = false;

// ---- the store

const keys = () => { try { return Object.keys(localStorage).filter(key => key.startsWith(PREFIX)); } catch { return []; } };

function get(place) {
  try {
    const draft = JSON.parse(localStorage.getItem(place) ?? 'null');
    return draft && Date.now() - draft.at < KEPT ? draft : null;
  } catch { return null; }
}

function drop(place) { try { localStorage.removeItem(place); } catch { /* not ours to mend */ } }

/** Whether it could be kept. Where the store is full, the oldest drafts make room. */
function set(place, values) {
  const text = JSON.stringify({ at: Date.now(), values });
  for (let tries = 0; tries < 20; tries++) {
    try { localStorage.setItem(place, text); return true; } catch {
      const oldest = keys().filter(key => key !== place).sort((a, b) => (get(a)?.at ?? 0) - (get(b)?.at ?? 0))[0];
      if (!oldest) return false;
      drop(oldest);
    }
  }
  return false;
}

const session = {
  get: key => { try { return JSON.parse(sessionStorage.getItem(key) ?? 'null'); } catch { return null; } },
  set: (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* then nothing is said */ } },
  drop: key => { try { sessionStorage.removeItem(key); } catch { /* nothing kept */ } },
};

keys().forEach(key => { if (!get(key)) drop(key); });

// ---- reading a form and writing it

const secret = field => field.type === 'password' || 'gxSecret' in field.dataset || /password|one-time-code|^cc-/.test(field.autocomplete ?? '');

function read(form) {
  const fields = {};
  const pickers = {};
  form.querySelectorAll('[data-gx-picker]').forEach(picker => { if (picker.gxPicker) pickers[picker.dataset.name] = picker.gxPicker.get(); });
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.name === 'csrfmiddlewaretoken' || /^(file|submit|button|reset|image)$/.test(field.type) || secret(field)) continue;
    if (field.closest('[data-gx-picker]')?.gxPicker) continue;
    const values = fields[field.name] ??= [];
    if (field.type === 'checkbox' || field.type === 'radio') { if (field.checked) values.push(field.value); }
    else if (field.type === 'select-multiple') values.push(...[...field.selectedOptions].map(option => option.value));
    else values.push('gxFigure' in field.dataset ? bare(field.value) : field.value);
  }
  return { fields, pickers };
}

function write(form, { fields = {}, pickers = {} }) {
  for (const [name, kept] of Object.entries(fields)) {
    const left = [...kept];
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.closest('[data-gx-picker]')?.gxPicker) continue;
      if (field.type === 'checkbox' || field.type === 'radio') field.checked = kept.includes(field.value);
      else if (field.type === 'select-multiple') [...field.options].forEach(option => { option.selected = kept.includes(option.value); });
      else if (left.length) field.value = 'gxFigure' in field.dataset ? grouped(left.shift()) : left.shift();
    }
  }
  form.querySelectorAll('[data-gx-picker]').forEach(picker => { if (pickers[picker.dataset.name]) picker.gxPicker?.set(pickers[picker.dataset.name]); });
}

// The version belongs to the draft: written over what others saved meanwhile, it is told so and not just put in
// place. But a version alone is nothing that somebody typed.
const typed = values => JSON.stringify({ ...values, fields: { ...values.fields, version: undefined } });
const same = (a, b) => typed(a) === typed(b);
const first = form => form.dataset.gxFirst ? JSON.parse(form.dataset.gxFirst) : null;

/** Whether a form holds what is not saved. */
export const dirty = form => form.dataset.gxFirst !== undefined && (form.dataset.gxFirst === '' || !same(read(form), first(form)));

// ---- whose key it is

const held = new Map();

/** The first of key, key#2 … that no other window holds. */
function own(key) {
  if (!navigator.locks) return Promise.resolve(key); // an address without TLS
  if (!held.has(key)) held.set(key, (async () => {
    for (let n = 1; n < 6; n++) {
      const place = n === 1 ? key : `${key}#${n}`;
      if (await lock(place)) return place;
    }
    return `${key}#6`;
  })());
  return held.get(key);
}

function lock(place) {
  return new Promise(resolve => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), 1000); // the page before this one may be about to let go
    navigator.locks.request(place, { signal: patience.signal }, () => {
      clearTimeout(timer);
      resolve(true);
      return new Promise(free => { addEventListener('pagehide', free, { once: true }); });
    }).catch(() => resolve(false));
  });
}

addEventListener('pageshow', event => {
  if (!event.persisted) return;
  held.clear();
  document.querySelectorAll('form').forEach(async form => { if (places.has(form)) places.set(form, await own(keyOf(form))); });
});

// ---- what was sent and is saved now

// An editor and the form of what is stored already (it has a version) go by their address. They need no word that they
// were saved: what is then there is what was typed.
function keyOf(form) {
  const stored = form.matches('[data-gx-inline]') || (form.matches('[data-gx-guard]') && form.querySelector('input[name=version]'));
  const key = form.dataset.gxDraft || (stored ? `at:${new URL(form.getAttribute('action') || location.href, location.href).pathname}` : '');
  return key && `${PREFIX}${who()}:${key}`;
}

// The page that follows a saved form says so with <meta name="gx-saved" content="key">. It counts for the form this
// window has sent, once: a look back at that page throws no later draft away.
function settle() {
  const sent = session.get(SENT);
  if (!sent) return;
  if (![...document.querySelectorAll('meta[name=gx-saved]')].some(meta => meta.content === sent.key)) return;
  drop(sent.place);
  session.drop(SENT);
}
settle();

function forget(form) {
  const place = places.get(form);
  if (place) drop(place);
  form.dataset.gxFirst = JSON.stringify(read(form));
  form.querySelector(':scope > [data-gx-restored]')?.remove();
}

document.addEventListener('gx:saved', event => {
  const key = event.detail?.key ?? event.detail?.value;
  drop(`${PREFIX}${who()}:${key}`);
  document.querySelectorAll('form[data-gx-first]').forEach(form => { if (!key || form.dataset.gxDraft === key) forget(form); });
});
document.addEventListener('submit', event => {
  const form = event.target;
  if (!form.dataset?.gxDraft || !places.has(form) || form.dataset.gxSent) return;
  keep(form);
  session.set(SENT, { key: form.dataset.gxDraft, place: places.get(form), first: form.dataset.gxFirst });
});
document.addEventListener('htmx:afterRequest', event => {
  const { xhr, successful, requestConfig: { elt } } = event.detail; // the event's own elt is what is left of the page
  const form = elt.closest?.('form[data-gx-inline]');
  if (form && successful && xhr.status < 300 && (elt === form || elt.matches('[data-gx-cancel]'))) drop(places.get(form));
});

// Signing out clears the browser of everybody's drafts: the next one at this desk reads none of them.
document.addEventListener('submit', event => {
  if (!event.target.matches?.('[data-gx-signout]')) return;
  signedOut = true;
  keys().forEach(drop);
  try { sessionStorage.clear(); } catch { /* nothing kept */ }
}, true);

// ---- a form

function keep(form) {
  const place = places.get(form);
  if (!place || signedOut || !form.isConnected || form.dataset.gxSent) return;
  const values = read(form);
  if (!dirty(form)) { drop(place); return; }
  const kept = get(place);
  if (kept && same(kept.values, values)) return;
  if (set(place, values)) status(form, say('draftSaved'));
}

each('form[data-gx-draft], form[data-gx-guard], form[data-gx-inline]', form => {
  if (form.dataset.gxFirst !== undefined) return;
  // The answer to a submission holds what was typed, and what is not saved: nothing is put over it, and leaving it asks.
  const answered = 'gxAnswered' in form.dataset;
  // Where it holds no more than the form that was sent began with, there is nothing to lose.
  const sent = answered && session.get(SENT);
  form.dataset.gxFirst = answered ? (sent && sent.key === form.dataset.gxDraft && sent.first) || '' : JSON.stringify(read(form));
  const key = keyOf(form);
  if (!key) return;
  const soon = settled(300, () => keep(form));
  const changed = () => { signedOut = false; soon(); };
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  own(key).then(place => {
    places.set(form, place);
    if (answered && !dirty(form)) { drop(place); return; }
    if (answered) { if (set(place, read(form))) session.drop(SENT); return; }
    const draft = get(place);
    if (!draft || form.querySelector('[aria-invalid=true]')) { keep(form); return; }
    if (same(draft.values, first(form))) { drop(place); keep(form); return; }
    // What is being typed already, and an address that fills fields in, are a new wish: what was before is only offered.
    const wish = dirty(form) || [...new URLSearchParams(location.search).keys()].some(name => name in draft.values.fields || name in draft.values.pickers);
    if (wish) note(form, draft, 'draftWaits', 'draftRestore', () => { restore(form, draft); });
    else restore(form, draft);
  });
});

function restore(form, draft) {
  write(form, draft.values);
  note(form, draft, 'draftRestored', 'draftDrop', () => {
    drop(places.get(form));
    write(form, first(form));
    announce(say('draftDropped'));
    form.querySelector('input:not([type=hidden]), select, textarea')?.focus();
  });
  form.dispatchEvent(new CustomEvent('gx:restored', { bubbles: true }));
  form.dispatchEvent(new Event('change', { bubbles: true }));
}

function status(form, text) {
  const shown = document.querySelector(`[data-gx-draft-status="${CSS.escape(form.dataset.gxDraft ?? '')}"]`);
  if (shown) shown.textContent = text;
}

function when(at) {
  const day = new Date(at);
  const today = day.toDateString() === new Date().toDateString();
  const parts = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...(today ? {} : { month: 'short', day: 'numeric' }) };
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, parts).format(day);
}

/** A quiet line above the form: that something typed is back or waits, since when, and the one thing to do about it. */
function note(form, draft, text, act, then) {
  form.querySelector(':scope > [data-gx-restored]')?.remove();
  const line = Object.assign(document.createElement('div'), { className: 'gx-restored' });
  line.dataset.gxRestored = '';
  line.setAttribute('role', 'status');
  const said = Object.assign(document.createElement('span'), { textContent: say(text, { at: when(draft.at) }) });
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'gx-lk gx-plain', textContent: say(act) });
  button.addEventListener('click', () => {
    line.remove();
    then();
    form.dispatchEvent(new Event('change', { bubbles: true }));
  });
  line.append(said, button);
  form.prepend(line);
}

// ---- leaving

addEventListener('pagehide', () => document.querySelectorAll('form[data-gx-first]').forEach(keep));
addEventListener('beforeunload', event => {
  const open = [...document.querySelectorAll('form[data-gx-draft], form[data-gx-guard], form[data-gx-inline]')];
  if (open.some(form => !form.dataset.gxSent && !form.dataset.gxLeaving && dirty(form))) event.preventDefault();
});

/** Leaves a form for `url`. What was typed waits; the next page says so and leads back. */
export function leave(form, url) {
  if (form?.dataset.gxDraft && dirty(form)) {
    keep(form);
    if (get(places.get(form))) {
      form.dataset.gxLeaving = '1';
      session.set(LEFT, { url: location.pathname });
    }
  }
  location.assign(url);
}

on('click', 'a[data-gx-leave]', (event, link) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  leave(link.closest('form'), link.href);
});

const left = session.get(LEFT);
if (left && left.url !== location.pathname) {
  session.drop(LEFT);
  toast({ text: say('draftLeft'), link: { url: left.url, text: say('draftReturn') } });
}
