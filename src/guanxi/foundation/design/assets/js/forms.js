// Forms: a draft that survives an error, a reload and an ended session; one submission at a time; a question
// before leaving what is not saved; one-press repairs.
//   <form data-gx-draft="customer-new">  keeps a draft under that key, in this tab, until it is saved
//   <form data-gx-guard>                 asks before leaving with unsaved changes (a draft implies it)
import { announce, each, on, say, settled } from './core.js';
import { ask } from './dialogs.js';
import { toast } from './toasts.js';

const who = () => document.querySelector('[data-gx-who]')?.dataset.gxWho ?? '';
const place = form => `gx-draft:${who()}:${form.dataset.gxDraft}`;
// The version belongs to the draft: written over what others saved meanwhile, it is told so and not just put in place.
const skipped = new Set(['csrfmiddlewaretoken']);

function read(form) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || skipped.has(field.name) || /^(password|file|submit|button)$/.test(field.type)) continue;
    if (field.type === 'checkbox' || field.type === 'radio') { if (field.checked) (values[field.name] ??= []).push(field.value); else values[field.name] ??= []; }
    else (values[field.name] ??= []).push(field.value);
  }
  return values;
}

function write(form, values) {
  for (const [name, kept] of Object.entries(values)) {
    const left = [...kept];
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === 'checkbox' || field.type === 'radio') field.checked = kept.includes(field.value);
      else if (left.length) field.value = left.shift();
    }
  }
  form.querySelectorAll('[data-gx-clear]').forEach(button => {
    const hidden = button.closest('[data-gx-picker]')?.querySelector(':scope > input[type=hidden]');
    button.hidden = !hidden?.value;
  });
}

const store = {
  get: key => { try { return JSON.parse(sessionStorage.getItem(key) ?? 'null'); } catch { return null; } },
  set: (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full: the form itself still holds it */ } },
  drop: key => { try { sessionStorage.removeItem(key); } catch { /* not ours to mend */ } },
};

const dirty = form => form.dataset.gxFirst !== undefined && JSON.stringify(read(form)) !== form.dataset.gxFirst;

each('form[data-gx-draft], form[data-gx-guard], form[data-gx-inline]', form => {
  if (form.dataset.gxFirst !== undefined) return;
  // The answer to a submission holds what was typed, and what is not saved: nothing is put over it, and leaving it asks.
  const answered = 'gxAnswered' in form.dataset;
  form.dataset.gxFirst = answered ? '' : JSON.stringify(read(form));
  if (!form.dataset.gxDraft) return;
  if (answered) store.set(place(form), read(form));
  const draft = store.get(place(form));
  if (draft && !answered && !form.querySelector('[aria-invalid=true]') && JSON.stringify(draft) !== form.dataset.gxFirst) {
    write(form, draft);
    note(form);
    form.dispatchEvent(new CustomEvent('gx:restored', { bubbles: true }));
  }
  const keep = settled(300, () => {
    if (!form.isConnected || form.dataset.gxSent) return;
    if (dirty(form)) { store.set(place(form), read(form)); status(form, say('draftSaved')); } else store.drop(place(form));
  });
  form.addEventListener('input', keep);
  form.addEventListener('change', keep);
});

function status(form, text) {
  const shown = document.querySelector(`[data-gx-draft-status="${CSS.escape(form.dataset.gxDraft)}"]`);
  if (shown) shown.textContent = text;
}

function note(form) {
  const line = document.createElement('div');
  line.className = 'gx-row-f gx-s12 gx-t2 gx-mb-2';
  line.setAttribute('role', 'status');
  const text = Object.assign(document.createElement('span'), { textContent: say('draftRestored') });
  const drop = Object.assign(document.createElement('button'), { type: 'button', className: 'gx-lk gx-plain', textContent: say('draftDrop') });
  drop.addEventListener('click', () => {
    store.drop(place(form));
    write(form, JSON.parse(form.dataset.gxFirst));
    line.remove();
    form.dispatchEvent(new Event('change', { bubbles: true }));
  });
  line.append(text, drop);
  form.prepend(line);
}

// A saved form's page says so with <meta name="gx-saved" content="key"> or the event gx:saved {key}.
function saved(key) { store.drop(`gx-draft:${who()}:${key}`); }
document.querySelectorAll('meta[name=gx-saved]').forEach(meta => saved(meta.content));
document.addEventListener('gx:saved', event => {
  saved(event.detail.key ?? event.detail.value);
  document.querySelectorAll('form[data-gx-first]').forEach(form => { form.dataset.gxFirst = JSON.stringify(read(form)); });
});
on('submit', '[data-gx-signout]', () => { try { sessionStorage.clear(); } catch { /* nothing kept */ } });

// One submission at a time.
document.addEventListener('submit', event => {
  const form = event.target;
  if (event.defaultPrevented || form.method === 'dialog' || form.matches('[data-gx-many], [data-gx-theme-form]')) return;
  if (form.dataset.gxSent) { event.preventDefault(); return; }
  if (form.method.toLowerCase() !== 'post' || form.hasAttribute('hx-post')) { form.dataset.gxLeaving = '1'; return; }
  form.dataset.gxSent = '1';
  form.setAttribute('aria-busy', 'true');
  const button = event.submitter;
  // Disabled after the browser has read the button's own name and value.
  setTimeout(() => { if (button) { button.disabled = true; announce(say('saving')); } });
});
addEventListener('pageshow', event => {
  document.querySelectorAll('form[data-gx-sent]').forEach(form => {
    delete form.dataset.gxSent;
    form.removeAttribute('aria-busy');
    if (event.persisted) form.querySelectorAll('button:disabled').forEach(button => { button.disabled = false; });
  });
});
document.addEventListener('htmx:beforeRequest', event => {
  const form = event.detail.elt;
  if (!form.matches?.('form[hx-post]')) return;
  if (form.dataset.gxSent) { event.preventDefault(); return; }
  form.dataset.gxSent = '1';
  form.querySelectorAll('button:not([type=button])').forEach(button => { button.disabled = true; });
});
document.addEventListener('htmx:afterRequest', event => {
  const form = event.detail.elt;
  if (!form.matches?.('form[data-gx-sent]')) return;
  delete form.dataset.gxSent;
  form.querySelectorAll('button:not([type=button])').forEach(button => { button.disabled = false; });
});

// Leaving with unsaved changes. A draft is kept in any case, but the reader should know.
addEventListener('beforeunload', event => {
  const open = [...document.querySelectorAll('form[data-gx-draft], form[data-gx-guard], form[data-gx-inline]')];
  if (open.some(form => !form.dataset.gxSent && !form.dataset.gxLeaving && dirty(form))) event.preventDefault();
});
document.addEventListener('htmx:beforeRequest', event => {
  // An inline editor with changes: its own cancel asks first.
  const cancel = event.detail.elt.closest?.('[data-gx-cancel]');
  const form = cancel?.closest('form');
  if (!form || !dirty(form) || form.dataset.gxYes) return;
  event.preventDefault();
  ask(say('unsaved')).then(yes => { if (yes) { form.dataset.gxYes = '1'; cancel.click(); } });
});
on('keydown', 'form[data-gx-inline]', (event, form) => {
  if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
  event.preventDefault(); // else the same key closes the question that cancelling may ask
  form.querySelector('[data-gx-cancel]')?.click();
});
document.addEventListener('htmx:afterSwap', event => {
  const first = event.detail.target.querySelector?.('[autofocus]') ?? event.detail.target.querySelector?.('form[data-gx-inline] :is(input:not([type=hidden]), select, textarea)');
  if (first && first !== document.activeElement) { first.focus(); first.select?.(); first.closest('form')?.scrollIntoView({ block: 'nearest' }); }
});
// After an editor closes, the focus returns to the value.
document.addEventListener('htmx:afterSettle', event => {
  const value = event.detail.target.querySelector?.(':scope > [data-gx-fact]');
  if (value && document.activeElement === document.body) value.focus();
});

// The first wrong field after the server said no.
if (!location.hash) document.querySelector('.gx-form-errors, form [aria-invalid=true]')?.focus();

on('click', '[data-gx-fill]', (event, button) => {
  const field = document.getElementById(button.dataset.gxFill);
  if (!field) return;
  field.value = button.dataset.value;
  field.classList.remove('is-invalid');
  field.removeAttribute('aria-invalid');
  document.getElementById(`${field.id}_error`)?.remove();
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
  field.focus();
});
on('click', '[data-gx-reveal]', (event, button) => {
  const field = document.getElementById(button.dataset.gxReveal);
  const show = field.type === 'password';
  field.type = show ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(show));
});
on('click', '[data-gx-copy]', (event, button) => {
  navigator.clipboard?.writeText(button.dataset.gxCopy).then(() => toast({ text: say('copied'), seconds: 3 }));
});
// Files are sent as soon as they are chosen.
on('change', 'input[type=file][data-gx-send]', (event, input) => { if (input.files.length) input.form.requestSubmit(); });
// What a condition compares with follows its operator: a day, a number of days, or nothing.
function fit(select) {
  select.form.querySelectorAll('[data-gx-for-op]').forEach(part => {
    const wanted = part.dataset.gxForOp.split(' ').includes(select.value);
    part.hidden = !wanted;
    part.querySelectorAll('input, select').forEach(field => { field.disabled = !wanted; });
  });
}
each('select[data-gx-op]', fit);
on('change', 'select[data-gx-op]', (event, select) => fit(select));
// A link that acts as a button answers to Space as a button does.
on('keydown', 'a[role=button]', (event, link) => { if (event.key === ' ') { event.preventDefault(); link.click(); } });
