// Toasts: what was done, its undo, and the seconds left; they wait while the pointer or the focus is on them.
// The server sends one with the header HX-Trigger: {"gx:toast": {"text": …, "undo": URL, "seconds": 12}}.
import { each, on, say } from './core.js';

function run(toast) {
  if (toast.dataset.gxRunning) return;
  toast.dataset.gxRunning = '1';
  const place = toast.querySelector('.gx-left');
  let left = Number(toast.dataset.seconds || 12);
  const draw = () => { if (place && left > 0) place.textContent = say('seconds', { n: left }); };
  if (left <= 0) return; // stays until it is closed
  draw();
  const timer = setInterval(() => {
    if (!toast.isConnected) { clearInterval(timer); return; }
    if (toast.matches(':hover') || toast.contains(document.activeElement) || document.hidden) return;
    left -= 1;
    if (left <= 0) { clearInterval(timer); toast.remove(); } else draw();
  }, 1000);
}

/** Shows `text`; with `undo` (a URL) its button, with `link` ({url, text}) a way on; `bad` for what could not be done.
    Seconds 0 stays. */
export function toast({ text, undo = '', seconds = 12, bad = false, link = null }) {
  const region = document.getElementById('gx-toasts');
  const model = document.getElementById('gx-toast');
  if (!region || !model) return;
  const made = model.content.firstElementChild.cloneNode(true);
  made.querySelector('.gx-toast-text').textContent = text;
  made.dataset.seconds = seconds;
  const form = made.querySelector('form');
  if (link) form.before(Object.assign(document.createElement('a'), { className: 'btn btn-link gx-b', href: link.url, textContent: link.text }));
  if (undo) form.action = undo; else form.remove();
  if (bad) { made.classList.add('gx-toast-bad'); made.setAttribute('role', 'alert'); }
  // The same words once, not a pile of them.
  [...region.children].filter(old => old.querySelector('.gx-toast-text')?.textContent === text).forEach(old => old.remove());
  region.append(made);
  run(made);
}

// Undoing leads back to where one is, not to the change log.
on('submit', '[data-gx-undo]', (event, form) => {
  const next = form.querySelector('[name=next]') ?? form.appendChild(Object.assign(document.createElement('input'), { type: 'hidden', name: 'next' }));
  next.value = location.pathname + location.search;
});
each('[data-gx-toast]', run);
on('click', '[data-gx-toast] [data-gx-close]', (event, button) => button.closest('[data-gx-toast]').remove());
document.addEventListener('gx:toast', event => toast({ ...event.detail, text: event.detail.text ?? event.detail.value }));
