// Forms: one submission at a time, editors in their place, one-press repairs. What is typed is kept by drafts.js.
import { announce, composing, each, on, say } from './core.js';
import { ask } from './dialogs.js';
import { dirty } from './drafts.js';
import { toast } from './toasts.js';

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

document.addEventListener('htmx:beforeRequest', event => {
  // An inline editor with changes: its own cancel asks first.
  const cancel = event.detail.elt.closest?.('[data-gx-cancel]');
  const form = cancel?.closest('form');
  if (!form || !dirty(form) || form.dataset.gxYes) return;
  event.preventDefault();
  ask(say('unsaved')).then(yes => { if (yes) { form.dataset.gxYes = '1'; cancel.click(); } });
});
on('keydown', 'form[data-gx-inline]', (event, form) => {
  if (event.key !== 'Escape' || event.defaultPrevented || composing(event)) return;
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

// What is to be asked for next is edited where it stands, in a section that may be folded.
on('click', '[data-gx-ask]', (event, link) => {
  const fact = document.getElementById(link.dataset.gxAsk);
  const value = fact?.querySelector('[data-gx-fact]');
  if (!fact || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  fact.closest('details')?.setAttribute('open', '');
  if (value) value.click(); else fact.querySelector('input:not([type=hidden]), select, textarea')?.focus();
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
// A press that leaves the field one types in as it is: what the field has to say of itself waits until one goes on.
on('mousedown', '[data-gx-stay]', event => event.preventDefault());
on('click', '[data-gx-print]', () => window.print());
// Puts a record into the field that searches for it.
on('click', '[data-gx-pick]', (event, button) => {
  const { gxPick: name, value, label } = button.dataset;
  const picker = document.querySelector(`form [data-gx-picker][data-name="${CSS.escape(name)}"]`);
  if (!picker) return;
  picker.gxPicker.set([[value, label]]);
  picker.dispatchEvent(new Event('change', { bubbles: true }));
  picker.querySelector('[role=combobox]').focus();
  announce(label);
});
on('click', '[data-gx-reveal]', (event, button) => {
  const field = document.getElementById(button.dataset.gxReveal);
  const show = field.type === 'password';
  field.dataset.gxSecret = ''; // shown or not, no draft keeps it
  field.type = show ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(show));
});
// Without TLS a browser has no clipboard but the old way.
function copyBefore(text) {
  const field = Object.assign(document.createElement('textarea'), { value: text, className: 'gx-vh' });
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done ? Promise.resolve() : Promise.reject(new Error('copy'));
}
on('click', '[data-gx-copy]', (event, button) => {
  const { gxCopy: text, gxCopied: words } = button.dataset;
  (navigator.clipboard ? navigator.clipboard.writeText(text) : copyBefore(text))
    .then(() => toast({ text: words ?? say('copied'), seconds: words ? 6 : 3 }), () => { /* the text is there to be read */ });
});
// A choice that shows something else at once: <select data-gx-submit> in a form of its own.
on('change', 'select[data-gx-submit]', (event, select) => select.form.requestSubmit());
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
// What belongs to one answer stands there while it is chosen: <div data-gx-for="name=value"> with radio buttons.
function suit(part) {
  const [name, value] = part.dataset.gxFor.split('=');
  part.hidden = part.closest('form').elements[name]?.value !== value;
}
each('[data-gx-for]', suit);
on('change', 'input[type=radio]', (event, radio) => radio.form?.querySelectorAll('[data-gx-for]').forEach(suit));
// A link that acts as a button answers to Space as a button does.
on('keydown', 'a[role=button]', (event, link) => { if (event.key === ' ' && !event.defaultPrevented) { event.preventDefault(); link.click(); } });
