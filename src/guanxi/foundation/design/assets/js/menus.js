// Menus and popovers are <details>: they open without us. We place them inside the window, close them when the
// reader goes elsewhere, move between their items by arrow keys, and fetch what they hold on first opening.
import { on } from './core.js';

const GAP = 4;
const phone = matchMedia('(max-width: 720px)');

function place(menu) {
  const pop = menu.querySelector(':scope > .gx-pop');
  if (!pop) return;
  pop.classList.add('gx-placed');
  // A press on its text or its edge focuses the popover, not the page behind it, which would close it under the hand
  // (and Chromium does not survive an element that goes while it is pressed).
  pop.tabIndex = -1;
  if (phone.matches) { pop.style.cssText = ''; return; }
  const from = menu.querySelector(':scope > summary').getBoundingClientRect();
  const { width, height } = pop.getBoundingClientRect();
  const right = menu.classList.contains('gx-menu-end');
  const left = Math.min(Math.max(8, right ? from.right - width : from.left), innerWidth - width - 8);
  const below = innerHeight - from.bottom - 2 * GAP;
  const above = from.top - 2 * GAP;
  const top = height <= below || below >= above ? from.bottom + GAP : Math.max(8, from.top - GAP - Math.min(height, above));
  pop.style.left = `${left}px`;
  pop.style.top = `${top}px`;
}

function close(menu, refocus) {
  if (!menu.open) return;
  menu.open = false;
  if (refocus) menu.querySelector(':scope > summary')?.focus();
}

export function closeAll(but) {
  document.querySelectorAll('details.gx-menu[open]').forEach(menu => { if (!but || !menu.contains(but)) close(menu); });
}

async function load(menu) {
  const pop = menu.querySelector(':scope > .gx-pop');
  const url = menu.dataset.gxLoad;
  if (!url || !pop || menu.dataset.gxLoaded === url) return;
  const into = pop.querySelector(':scope > [data-gx-into]') ?? pop;
  menu.dataset.gxLoaded = url;
  menu.dataset.gxLoading = '1';
  into.setAttribute('aria-busy', 'true');
  await window.htmx.ajax('GET', url, { target: into, swap: 'innerHTML', source: into, select: 'unset' });
  into.removeAttribute('aria-busy');
  delete menu.dataset.gxLoading;
  place(menu);
  if (!into.contains(document.activeElement)) into.querySelector('[autofocus], input:not([type=hidden]), select, button, a')?.focus();
}

document.addEventListener('toggle', event => {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.matches('details.gx-menu')) return;
  const summary = menu.querySelector(':scope > summary');
  summary?.setAttribute('aria-expanded', String(menu.open));
  if (!menu.open) return;
  closeAll(menu);
  place(menu);
  load(menu);
}, true);

// Where a choice inside put something else into the popover, the next opening begins at its beginning again.
document.addEventListener('htmx:afterSwap', event => {
  const menu = event.detail.target.matches?.('.gx-pop, .gx-pop > [data-gx-into]') ? event.detail.target.closest('details.gx-menu[data-gx-load]') : null;
  if (!menu || menu.dataset.gxLoading) return;
  delete menu.dataset.gxLoaded;
  place(menu);
  event.detail.target.querySelector('select, input:not([type=hidden]), button, a')?.focus();
});

document.addEventListener('pointerdown', event => closeAll(event.target));
document.addEventListener('focusin', event => { if (event.target !== document.body) closeAll(event.target); });
document.addEventListener('htmx:afterRequest', event => {
  // A form in a popover that changed the page has done its work.
  const menu = event.detail.elt.closest?.('details.gx-menu');
  if (menu && event.detail.successful && event.detail.elt.matches('form')) close(menu, true);
});
addEventListener('resize', () => closeAll());
document.addEventListener('scroll', event => {
  if (!(event.target instanceof Element) || !event.target.closest('.gx-pop')) document.querySelectorAll('details.gx-menu[open]').forEach(place);
}, { capture: true, passive: true });

on('keydown', 'details.gx-menu[open]', (event, menu) => {
  if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); close(menu, true); return; }
  if (!/^Arrow(Up|Down)$|^Home$|^End$/.test(event.key)) return;
  const items = [...menu.querySelectorAll('.gx-item')].filter(item => item.offsetParent);
  if (!items.length || (event.target.matches('input, select, textarea'))) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? items.length - 1 : at - 1, Home: 0, End: items.length - 1 }[event.key];
  items[(next + items.length) % items.length].focus();
});
