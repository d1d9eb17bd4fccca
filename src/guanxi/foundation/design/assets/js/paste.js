// What was read out of a pasted text goes into the form beside it, field by field: into what is empty at once, over what
// stands there only when asked. Every filled field is marked, and one click puts back what stood there.
import { announce, each, on, say } from './core.js';

const held = new WeakMap(); // line of the answer → the field as it was
const form = line => document.getElementById(line.closest('section, [data-gx-paste-for]')?.querySelector('[data-gx-paste]')?.dataset.gxPaste ?? 'record-form');
const field = (line, root) => root.querySelector(`[name="${CSS.escape(line.dataset.gxFilled)}"]`)?.closest('.gx-f');

function value(box, name) {
  const all = [...box.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  if (all.some(one => /^(radio|checkbox)$/.test(one.type))) return all.filter(one => one.checked).map(one => one.value).join();
  return all.map(one => one.value).join().trim();
}

function show(line, shown) {
  for (const what of ['undo', 'take', 'same']) {
    const part = line.querySelector(`[data-gx-fill-${what}]`);
    if (part) part.hidden = what !== shown;
  }
}

function changed(box) {
  // Of a picker the value itself: a change of its text would open the list.
  const control = box.querySelector('[data-gx-picker] input[type=hidden], [data-gx-picker] ul') ?? box.querySelector('input:not([type=hidden]), select, textarea') ?? box;
  control.dispatchEvent(new Event('input', { bubbles: true }));
  control.dispatchEvent(new Event('change', { bubbles: true }));
}

function put(box, other) {
  box.replaceWith(other);
  if (!other.dataset.gxAlive) {
    other.dataset.gxAlive = '1';
    window.htmx?.process(other);
    other.dispatchEvent(new CustomEvent('htmx:load', { bubbles: true, detail: { elt: other } }));
  }
  changed(other);
}

function fill(line, box) {
  const fresh = line.querySelector('template').content.firstElementChild.cloneNode(true);
  fresh.classList.add('gx-filled');
  if (line.hasAttribute('data-gx-unsure')) fresh.classList.add('gx-unsure');
  const back = document.createElement('button');
  back.type = 'button';
  back.className = 'gx-lk gx-plain gx-filled-undo';
  back.textContent = say('pasteUndo');
  back.addEventListener('click', () => undo(line));
  fresh.append(back);
  box.dataset.gxAlive = '1';
  held.set(line, box);
  put(box, fresh);
  show(line, 'undo');
}

function undo(line) {
  const root = form(line), box = root && field(line, root), before = held.get(line);
  if (!box || !before) return;
  held.delete(line);
  put(box, before);
  show(line, 'take');
  announce(say('pasteUndone'));
  before.querySelector('input:not([type=hidden]), select, textarea')?.focus();
}

each('[data-gx-filled]', line => {
  const root = form(line), box = root && field(line, root);
  if (!box) { line.remove(); return; }
  const name = line.dataset.gxFilled;
  const now = value(box, name);
  const then = value(line.querySelector('template').content, name);
  if (now === then) show(line, 'same');
  else if (now === '') fill(line, box);
  else show(line, 'take');
});
on('click', '[data-gx-fill-undo]', (event, button) => undo(button.closest('[data-gx-filled]')));
on('click', '[data-gx-fill-take]', (event, button) => {
  const line = button.closest('[data-gx-filled]'), root = form(line), box = root && field(line, root);
  if (box) fill(line, box);
});
