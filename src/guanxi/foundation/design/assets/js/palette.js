// The command palette: `/` or Ctrl/⌘-K anywhere (keys.js); the server answers each query with options. An option
// is a place to go (href), an act to post (data-post), or something on this page to press (data-press).
import { announce, composing, csrf, on, say, settled } from './core.js';
import { open } from './dialogs.js';
import { Listbox } from './listbox.js';

const dialog = document.getElementById('gx-palette');
let show = () => {};

/** Whether this page has a palette. */
export const there = () => dialog !== null;
export function toggle() { if (dialog.open) dialog.close(); else show(); }

function post(option) {
  const form = Object.assign(document.createElement('form'), { method: 'post', action: option.dataset.post, hidden: true });
  const fields = { ...JSON.parse(option.dataset.fields || '{}'), csrfmiddlewaretoken: csrf() };
  for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  document.body.append(form);
  form.requestSubmit();
}

if (dialog) {
  const input = dialog.querySelector('input[type=search]');
  const list = dialog.querySelector('[role=listbox]');
  const box = new Listbox(input, list);
  let asked = 0;
  let waiting = false; // for the answer to what was typed last
  let hurried = false; // Enter came before it

  box.choose = option => {
    if (option.dataset.told) { announce(option.textContent.trim().replace(/\s+/g, ' ')); return; } // there is no more to see of it
    dialog.close();
    if (option.href) location.assign(option.href);
    else if (option.dataset.post) post(option);
    else if (option.dataset.press) {
      const pressed = document.querySelector(option.dataset.press);
      pressed?.click();
      setTimeout(() => pressed?.closest('details[open]')?.querySelector('[autofocus]')?.focus());
    }
  };

  const ask = async () => {
    const turn = ++asked;
    const url = new URL(input.dataset.url, location.href);
    url.searchParams.set('q', input.value.trim());
    const record = document.querySelector('[data-gx-record]')?.dataset.gxRecord;
    if (record) url.searchParams.set('record', record);
    const listed = document.querySelector('[data-gx-list]')?.dataset.gxList;
    if (listed) url.searchParams.set('list', listed);
    try {
      const answer = await fetch(url, { headers: { 'HX-Request': 'true', 'X-Requested-With': 'XMLHttpRequest' } });
      const options = await answer.text();
      if (turn !== asked) return; // more was typed while this came
      if (answer.status === 401) { dialog.close(); open(document.getElementById('gx-signin')); return; }
      if (!answer.ok) return;
      list.innerHTML = options;
      for (const option of list.querySelectorAll('[data-press]')) if (!document.querySelector(option.dataset.press)) option.remove();
      for (const head of list.querySelectorAll('.gx-options-h')) if (!head.nextElementSibling?.matches('.gx-o')) head.remove();
      list.scrollTop = 0;
      box.renew();
      waiting = false;
      if (hurried && box.active) { box.choose(box.active); return; }
      if (input.value.trim()) announce(box.options.length ? say('results', { n: box.options.length }) : say('noMatch'));
    } catch {
      if (turn === asked) { list.textContent = say('offline'); }
    }
  };
  const soon = settled(90, ask);

  show = () => { hurried = false; open(dialog); input.select(); input.focus(); ask(); };

  on('click', '[data-gx-palette]', event => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show();
  });
  input.addEventListener('input', () => { waiting = true; hurried = false; asked++; box.move(-1); soon(); });
  input.addEventListener('keydown', event => {
    if (composing(event) || box.key(event)) return;
    if (event.key === 'Escape') { event.preventDefault(); dialog.close(); return; } // a search field would only empty itself
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (waiting) { hurried = true; return; }
    const href = box.active?.href;
    if (href && (event.ctrlKey || event.metaKey)) window.open(href, '_blank', 'noopener');
    else if (box.active) box.choose(box.active);
  });
  dialog.querySelector('form').addEventListener('submit', event => event.preventDefault());
}
