// A part of another page over this one: <a href="…" data-gx-over>. And creating a record on the spot, from a picker:
// the form that a URL answers with is filled in over the page, and what it has made is chosen.
import { on, say } from './core.js';
import { open } from './dialogs.js';

/** Asks for `url` and shows the answer in a dialog of its own; resolves to it, or to null where it was refused. */
async function over(url, label, source) {
  const dialog = Object.assign(document.createElement('dialog'), { className: 'gx-dialog gx-over gx-float' });
  dialog.setAttribute('aria-label', label);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  await window.htmx.ajax('GET', url, { target: dialog, swap: 'innerHTML', source });
  if (!dialog.firstElementChild) { dialog.remove(); return null; }
  open(dialog);
  return dialog;
}

on('click', 'a[data-gx-over]', (event, link) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  over(link.href, link.title || link.textContent, link);
});

/** Lets the reader create what he typed; resolves to [value, label], or to null where he thought better of it. */
export async function create(url, text, source) {
  const place = new URL(url, location.href);
  place.searchParams.set('text', text);
  const dialog = await over(place.href, say('create', { name: text }), source);
  if (!dialog) return null;
  return new Promise(resolve => {
    let made = null;
    const take = (value, label) => { made = [value, label]; dialog.close(); };
    dialog.addEventListener('htmx:afterSwap', () => {
      const told = dialog.querySelector('[data-gx-made]');
      if (told) take(told.dataset.gxMade, told.dataset.label);
    });
    dialog.addEventListener('click', event => {
      const chosen = event.target.closest('[data-gx-use]');
      if (chosen) take(chosen.dataset.gxUse, chosen.dataset.label);
    });
    dialog.addEventListener('close', () => resolve(made));
  });
}
