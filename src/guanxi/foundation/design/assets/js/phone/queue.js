// Forms that are not lost without network: <form data-gx-queue="what it does">. Where the server cannot be reached the form
// is kept on the phone, and sent later, in order, once. A form of htmx is sent by htmx where there is network, and kept
// before it is sent; any other is sent from here, and shown again as the server answers it where it was refused.
//   data-gx-queue-text="…"           what the list says beside that where the form has no text of its own
//   data-gx-about="customers/<id>"   the record it is about; else the card it stands on, else its address
import { announce, on, renewCsrf, say } from '../core.js';
import { ask } from '../dialogs.js';
import { toast } from '../toasts.js';
import { newKey, send, verdict } from './sending.js';
import { all, drop, forget, get, listen, put, tell } from './store.js';
import { draw } from './sheet.js';

const EVERY = 30_000; // ms between two attempts while something waits
const SENTENCE = 60; // characters of what was written, in the list
const page = document.querySelector('[data-gx-who], [data-gx-without-network]');
let who = page?.dataset.gxWho ?? '';
let mine = [];
let total = 0; // of whomever

// ---- what is shown

async function look(state = '') {
  const found = await all('queue');
  total = found.length;
  mine = found.filter(entry => entry.who === who);
  draw(mine, state, { change, discard, again: flush });
}

async function flush() {
  if (!who || !mine.length) return null;
  const result = await send(who);
  if (!result) { await look(); return null; }
  if (result.token && page.dataset.gxWho) renewCsrf(result.token);
  await look(result.state);
  if (result.sent.length) arrived(result.sent);
  return result;
}

function arrived(sent) {
  const last = sent.at(-1);
  const text = sent.length > 1 ? say('queueSentMany', { n: sent.length }) : say('queueSent', { what: last.label });
  toast({ text, link: last.page && last.page !== location.pathname ? { url: last.page, text: say('queueShow') } : null });
}

async function change(entry, fields) {
  await put('queue', { ...entry, fields, key: newKey(), state: 'waiting', status: 0, answer: '', warning: null });
  tell();
  await look();
  flush();
}

async function discard(entry) {
  await drop('queue', entry.id);
  tell();
  await look();
  announce(say('draftDropped'));
  flush();
}

// ---- taking a form

const plain = ([name, value]) => name !== 'csrfmiddlewaretoken' && !(value instanceof File && !value.name);

/** What can be corrected later, as it is shown: the fields somebody sees, with their names. */
function controls(form) {
  return [...form.elements].filter(field => field.name && field.offsetParent && /^(text|textarea|number|date|datetime-local|time|tel|email|select-one)$/.test(field.type)).map(field => ({
    name: field.name, type: field.type, label: field.getAttribute('aria-label') || field.labels?.[0]?.textContent.trim() || '',
    options: field.type === 'select-one' ? [...field.options].map(option => [option.value, option.textContent]) : null,
  }));
}

function described(form, fields, url, key) {
  const texts = fields.filter(([name, value]) => typeof value === 'string' && form.elements[name]?.matches?.('textarea, input[type=text]') && value.trim());
  return {
    key, who, label: form.dataset.gxQueue, text: (texts[0]?.[1] ?? form.dataset.gxQueueText ?? '').slice(0, SENTENCE),
    about: form.dataset.gxAbout || document.querySelector('[data-gx-record]')?.dataset.gxRecord || new URL(url, location.href).pathname,
    page: location.pathname, url, fields, controls: controls(form), at: Date.now(), state: 'waiting',
    part: form.hasAttribute('hx-post'),
  };
}

/** The same form twice, after an answer that leaves open whether it was carried out, goes under the same key. */
function keyOf(form, fields) {
  const text = JSON.stringify(fields.map(([name, value]) => [name, typeof value === 'string' ? value : `${value.name} ${value.size}`]));
  if (form.gxLast?.text !== text) form.gxLast = { text, key: newKey() };
  return form.gxLast.key;
}

/** The form is kept: it is empty again, and says so. */
function taken(form, entry) {
  delete form.gxLast;
  delete form.dataset.gxAt; // of field.js
  const written = entry.controls.some(one => one.type !== 'select-one');
  form.reset();
  if (form.dataset.gxDraft) document.dispatchEvent(new CustomEvent('gx:saved', { detail: { key: form.dataset.gxDraft } }));
  form.dispatchEvent(new Event('change', { bubbles: true }));
  form.dispatchEvent(new CustomEvent('gx:kept', { bubbles: true, detail: entry }));
  if (!written) { form.dataset.gxTaken = ''; form.querySelectorAll('button').forEach(button => { button.disabled = true; }); }
  form.closest('dialog')?.close();
  toast({ text: say('queueKept', { what: entry.label }), seconds: 6 });
  navigator.serviceWorker?.ready.then(worker => worker.sync?.register('gx-queue')).catch(() => { /* the page sends it */ });
}

async function keep(form, fields, url) {
  const entry = described(form, fields, url, keyOf(form, fields));
  entry.id = await put('queue', entry);
  tell();
  await look();
  return entry;
}

document.addEventListener('submit', event => {
  const form = event.target;
  if (!form.matches?.('form[data-gx-queue]') || form.dataset.gxPass || !who) return;
  if (form.hasAttribute('hx-post') && navigator.onLine && !mine.length) return; // htmx sends it, see below
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.gxKeeping) return;
  form.dataset.gxKeeping = '1';
  const url = form.getAttribute('hx-post') || new URL(form.action).pathname + new URL(form.action).search;
  later(form, [...new FormData(form, event.submitter)].filter(plain), url, event.submitter).finally(() => { delete form.dataset.gxKeeping; });
}, true);

async function later(form, fields, url, submitter) {
  const entry = await keep(form, fields, url);
  const result = navigator.onLine ? await flush() : null;
  const sent = result?.sent.find(one => one.key === entry.key);
  if (sent) { delete form.gxLast; gone(form, sent); return; }
  // (The page without network has nothing to draw it again with: there it stays in the list, with its reason.)
  const refused = !entry.part && page.dataset.gxWho && mine.find(one => one.key === entry.key && one.state === 'stopped');
  if (!refused) { taken(form, entry); return; }
  // Nothing was carried out: the server draws the form again, with what is wrong.
  await drop('queue', entry.id);
  form.dataset.gxPass = '1';
  form.requestSubmit(submitter?.form === form ? submitter : undefined);
}

function gone(form, sent) {
  if (form.dataset.gxDraft) document.dispatchEvent(new CustomEvent('gx:saved', { detail: { key: form.dataset.gxDraft } }));
  form.dataset.gxLeaving = '1';
  if (sent.part || (sent.goes && new URL(sent.goes, location.href).pathname === location.pathname)) location.reload();
  else location.assign(sent.goes || location.href);
}

// ---- forms that htmx sends

const flights = new WeakMap(); // xhr -> the entry and the lock it holds

function lock(key) {
  if (!navigator.locks) return () => {};
  let free;
  navigator.locks.request(`gx-entry-${key}`, () => new Promise(resolve => { free = resolve; }));
  return () => free?.();
}

document.addEventListener('htmx:configRequest', event => {
  const { elt: form, verb, path, headers, formData } = event.detail;
  if (verb !== 'post' || !form.matches?.('form[data-gx-queue]') || !who) return;
  const fields = [...formData].filter(plain);
  form.gxNext = { fields, path, key: keyOf(form, fields) };
  Object.assign(headers, { 'Idempotency-Key': form.gxNext.key, 'Gx-Who': who });
});
document.addEventListener('htmx:beforeSend', event => {
  const { elt: form, xhr } = event.detail;
  if (!form.gxNext) return;
  const { fields, path, key } = form.gxNext;
  delete form.gxNext;
  const entry = { ...described(form, fields, path, key), state: 'flying' };
  const flight = { form, entry, free: lock(key), put: put('queue', entry).then(id => { entry.id = id; }, () => { entry.unkept = true; xhr.gxQueued = false; }) };
  xhr.gxQueued = true; // at once: an answer can be quicker than what is kept
  flights.set(xhr, flight);
});

const meant = xhr => verdict(xhr.status, name => xhr.getResponseHeader(name));
const settled = xhr => ['done', 'refused'].includes(meant(xhr));

document.addEventListener('htmx:beforeSwap', event => {
  const { xhr } = event.detail;
  if (xhr.gxQueued && !settled(xhr)) event.detail.shouldSwap = false; // the page of a portal, or of a server that is busy
});

/** An answer of the server's came: the page shows it, and nothing is left to send. After any other it waits. */
document.addEventListener('htmx:afterRequest', async event => {
  const { xhr, successful } = event.detail;
  const flight = flights.get(xhr);
  if (!flight || !xhr.status) return;
  flights.delete(xhr);
  await flight.put;
  const waits = !flight.entry.unkept && !settled(xhr);
  if (waits) {
    await put('queue', { ...flight.entry, state: 'waiting' });
    taken(flight.form, flight.entry);
  } else {
    if (successful) delete flight.form.gxLast;
    if (!flight.entry.unkept) await drop('queue', flight.entry.id);
  }
  flight.free();
  await look(waits ? meant(xhr) : '');
  if (waits && meant(xhr) === 'stale') flush();
});

for (const happens of ['htmx:sendError', 'htmx:timeout', 'htmx:sendAbort']) document.addEventListener(happens, async event => {
  const flight = flights.get(event.detail.xhr);
  if (!flight) return;
  flights.delete(event.detail.xhr);
  await flight.put;
  if (flight.entry.unkept) { toast({ text: say('offline'), bad: true, seconds: 0 }); flight.free(); return; }
  await put('queue', { ...flight.entry, state: 'waiting' });
  flight.free();
  await look('away');
  taken(flight.form, flight.entry);
});

// ---- signing out, and when it is tried again

on('submit', 'form[data-gx-signout]', (event, form) => {
  if (form.dataset.gxYes || !total) { forget(); return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(say('queueSignout', { n: total })).then(yes => { if (yes) { form.dataset.gxYes = '1'; form.requestSubmit(); } });
}, true);

async function begin() {
  if (!page || !('indexedDB' in self)) return;
  if (who) await put('notes', { key: 'who', value: who });
  else who = (await get('notes', 'who'))?.value ?? '';
  await look();
  flush();
}

begin().catch(() => { who = ''; }); // a browser that keeps nothing: forms are sent as ever
addEventListener('online', flush);
document.addEventListener('visibilitychange', () => { if (!document.hidden) flush(); });
// The service worker, or a page beside this one, may have been quicker: whoever looks at this one hears of it here.
listen(({ sent }) => { look(); if (sent?.who === who && !document.hidden) arrived([sent]); });
setInterval(() => { if (mine.some(entry => entry.state !== 'stopped') && !document.hidden) flush(); }, EVERY);
