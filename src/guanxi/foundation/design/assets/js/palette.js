// The command palette: `/` or Ctrl/⌘-K anywhere; the server answers each query with options.
import { announce, on, say, settled, typing } from './core.js';
import { open } from './dialogs.js';
import { Listbox } from './listbox.js';

const dialog = document.getElementById('gx-palette');

if (dialog) {
  const input = dialog.querySelector('input[type=search]');
  const list = dialog.querySelector('[role=listbox]');
  const box = new Listbox(input, list);
  let asked = 0;
  let waiting = false; // for the answer to what was typed last
  let hurried = false; // Enter came before it

  box.choose = option => {
    if (option.href) { dialog.close(); location.assign(option.href); }
  };

  const ask = async () => {
    const turn = ++asked;
    const url = new URL(input.dataset.url, location.href);
    url.searchParams.set('q', input.value.trim());
    try {
      const answer = await fetch(url, { headers: { 'HX-Request': 'true', 'X-Requested-With': 'XMLHttpRequest' } });
      if (turn !== asked || !answer.ok) return;
      list.innerHTML = await answer.text();
      box.renew();
      waiting = false;
      if (hurried && box.active) { box.choose(box.active); return; }
      if (input.value.trim()) announce(box.options.length ? say('results', { n: box.options.length }) : say('noMatch'));
    } catch {
      if (turn === asked) { list.textContent = say('offline'); }
    }
  };
  const soon = settled(90, ask);

  const show = () => { hurried = false; open(dialog); input.select(); input.focus(); ask(); };

  on('click', '[data-gx-palette]', event => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show();
  });
  document.addEventListener('keydown', event => {
    const combined = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k';
    const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target);
    if (!combined && !slash) return;
    if (slash && document.querySelector('dialog[open]')) return;
    event.preventDefault();
    if (dialog.open) dialog.close(); else show();
  });
  input.addEventListener('input', () => { waiting = true; hurried = false; box.move(-1); soon(); });
  input.addEventListener('keydown', event => {
    if (event.isComposing || box.key(event)) return;
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
