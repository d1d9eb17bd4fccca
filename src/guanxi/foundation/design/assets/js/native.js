// What a browser says in its own language, said in the page's: why a form is not sent, which file was chosen. (Days: dates.js.)
import { each, on, say } from './core.js';

const REASONS = [
  ['customError', field => field.validationMessage], // a sentence of ours
  ['badInput', field => say(/^(date|datetime-local|time)$/.test(field.type) ? 'badDate' : 'badNumber')],
  ['valueMissing', field => say(field.type === 'file' ? 'missingFile' : field.matches('select, [type=radio], [type=checkbox]') ? 'missingChoice' : 'missing')],
  ['typeMismatch', field => say(field.type === 'email' ? 'badEmail' : 'badAddress')],
  ['rangeUnderflow', field => say('atLeast', { n: field.min })],
  ['rangeOverflow', field => say('atMost', { n: field.max })],
  ['tooShort', field => say('atLeastLong', { n: field.minLength })],
  ['tooLong', field => say('atMostLong', { n: field.maxLength })],
];

function clear(field) {
  if (!field.dataset.gxAmiss) return;
  document.getElementById(field.dataset.gxAmiss)?.remove();
  for (const name of ['aria-invalid', 'aria-describedby']) field.removeAttribute(name);
  if (field.dataset.gxDescribed) field.setAttribute('aria-describedby', field.dataset.gxDescribed);
  delete field.dataset.gxAmiss;
  field.classList.remove('is-invalid');
}

let serial = 0;
let first = null; // of the fields that one attempt to send has found amiss
document.addEventListener('invalid', event => {
  const field = event.target;
  event.preventDefault(); // the browser's own bubble
  clear(field);
  const reason = REASONS.find(([flag]) => field.validity[flag]);
  const id = `gx-amiss-${++serial}`;
  const line = Object.assign(document.createElement('div'), { id, className: 'gx-err', textContent: reason ? reason[1](field) : say('notAcceptable') });
  const beside = field.closest('.gx-row-f') ?? field.closest('.gx-filebox, .gx-password, .gx-dated') ?? (field.matches('[type=radio], [type=checkbox]') ? field.closest('label') ?? field : field);
  beside.after(line);
  field.dataset.gxAmiss = id;
  field.dataset.gxDescribed = field.getAttribute('aria-describedby') ?? '';
  field.setAttribute('aria-describedby', [field.dataset.gxDescribed, id].filter(Boolean).join(' '));
  field.setAttribute('aria-invalid', 'true');
  field.classList.add('is-invalid');
  if (first) return;
  first = field;
  setTimeout(() => { first.focus(); first = null; });
}, true);
for (const kind of ['input', 'change']) on(kind, '[data-gx-amiss]', (event, field) => clear(field));

// A file field of ours: the browser's own says "no file chosen" in its language.
each('input[type=file].form-control', input => {
  if (input.closest('.gx-filebox')) return;
  const box = Object.assign(document.createElement('div'), { className: 'gx-filebox' });
  const button = Object.assign(document.createElement('span'), { className: 'btn', textContent: say(input.multiple ? 'chooseFiles' : 'chooseFile') });
  const name = Object.assign(document.createElement('span'), { className: 'gx-t2 gx-cut', textContent: say('noFile') });
  button.setAttribute('aria-hidden', 'true');
  input.before(box);
  input.removeAttribute('title');
  box.append(input, button, name);
  const told = () => { name.textContent = [...input.files].map(file => file.name).join(', ') || say('noFile'); };
  input.addEventListener('change', told);
  input.form?.addEventListener('reset', () => setTimeout(told));
  told();
});
