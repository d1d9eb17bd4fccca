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
      if (input.value.trim()) announce(box.options.length ? say('results', { n: box.options.length }) : say('noMatch'));
    } catch {
      if (turn === asked) { list.textContent = say('offline'); }
    }
  };
  const soon = settled(90, ask);

  const show = () => { open(dialog); input.select(); input.focus(); ask(); };

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
  input.addEventListener('input', soon);
  input.addEventListener('keydown', event => {
    if (box.key(event) || event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    const href = box.active?.href;
    if (href && (event.ctrlKey || event.metaKey)) window.open(href, '_blank', 'noopener');
    else if (box.active) box.choose(box.active);
  });
  dialog.querySelector('form').addEventListener('submit', event => event.preventDefault());
}
