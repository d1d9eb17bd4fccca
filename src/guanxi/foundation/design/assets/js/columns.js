// Columns of a table: their widths by the handle between two heads, their order in the chooser, a sort by several; a
// table with more of them than fit scrolls in a box of its own. What scrolls says at its edges that there is more. And
// lists in popovers that narrow while one types.
import { announce, each, on, say } from './core.js';

// ---- more columns than fit

const phone = matchMedia('(max-width: 720px)');
const pad = () => parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--gx-pad'));
function fit(wide) {
  wide.classList.remove('gx-tb-scroll');
  wide.classList.toggle('gx-tb-scroll', !phone.matches && wide.firstElementChild.scrollWidth > wide.parentElement.clientWidth + 2 * pad() + 1);
  edges(wide);
}
const fits = new WeakMap();
const room = new ResizeObserver(seen => {
  for (const { target } of seen) {
    if (fits.get(target) === target.clientWidth) continue; // fitting changes its height
    fits.set(target, target.clientWidth);
    target.querySelectorAll(':scope > [data-gx-wide]').forEach(fit);
  }
});
each('[data-gx-wide]', wide => {
  fit(wide);
  fits.set(wide.parentElement, wide.parentElement.clientWidth);
  room.observe(wide.parentElement);
});

// ---- what scrolls says at its edges that there is more

function edges(box) {
  if (!box.firstElementChild) return;
  const { scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight } = box;
  const side = box.parentElement.classList;
  const across = box.matches('.gx-tb-scroll');
  side.toggle('gx-more-left', across && scrollLeft > 1);
  side.toggle('gx-more-right', across && scrollLeft + clientWidth < scrollWidth - 1);
  side.toggle('gx-more-up', box.matches('[data-gx-edges]') && scrollTop > 1);
  side.toggle('gx-more-down', box.matches('[data-gx-edges]') && scrollTop + clientHeight < scrollHeight - 1);
  if (!across) return;
  const stuck = box.querySelector('th:not(.gx-pickcell)').getBoundingClientRect();
  box.parentElement.style.setProperty('--gx-stuck', `${stuck.right - box.parentElement.getBoundingClientRect().left}px`);
}
document.addEventListener('scroll', event => { if (event.target.matches?.('[data-gx-wide], [data-gx-edges]')) edges(event.target); }, { capture: true, passive: true });
each('[data-gx-edges]', edges);

// Lines that scroll sideways where there is no room: the sentence of a filter, the tabs of views, the looks of a list.
const LINES = '.gx-fs, .gx-tabs, .gx-looks';
function ends(line) {
  line.classList.toggle('gx-more-left', line.scrollLeft > 1);
  line.classList.toggle('gx-more-right', line.scrollLeft + line.clientWidth < line.scrollWidth - 1);
}
const length = new ResizeObserver(seen => { for (const { target } of seen) ends(target); });
each(LINES, line => {
  const here = line.querySelector(':scope > [aria-current=page]');
  if (here && here.offsetLeft + here.offsetWidth > line.clientWidth) line.scrollLeft = here.offsetLeft + here.offsetWidth - line.clientWidth + 48;
  ends(line);
  length.observe(line);
});
document.addEventListener('scroll', event => { if (event.target.matches?.(LINES)) ends(event.target); }, { capture: true, passive: true });
document.addEventListener('htmx:afterSettle', () => document.querySelectorAll(LINES).forEach(ends)); // a total makes it longer

// ---- widths

const NARROWEST = 48;
const [TWICE, STILL] = [350, 3]; // ms between two presses that are one, px that are no movement
let pressed = { at: 0 };

each('[data-gx-again] th[data-key]', head => {
  const handle = Object.assign(document.createElement('span'), { className: 'gx-resize', title: say('widen') });
  handle.setAttribute('aria-hidden', 'true'); // for the keyboard there is the chooser
  head.append(handle);
});
on('pointerdown', '.gx-resize', (event, handle) => {
  if (event.button) return;
  event.preventDefault();
  event.stopPropagation();
  const head = handle.parentElement;
  const list = head.closest('[data-gx-again]');
  const twice = pressed.head === head && event.timeStamp - pressed.at < TWICE;
  pressed = { head, at: event.timeStamp };
  if (twice) { pressed = { at: 0 }; automatic(list, head.dataset.key); return; }
  const heads = [...head.parentElement.cells];
  const sizes = new Map(heads.map(one => [one, one.offsetWidth]));
  const start = event.clientX;
  const first = sizes.get(head);
  let moving = false;
  handle.setPointerCapture(event.pointerId);
  const move = at => {
    if (!moving && Math.abs(at.clientX - start) < STILL) return;
    if (!moving) {
      moving = true;
      pressed = { at: 0 };
      sizes.forEach((width, one) => { one.style.width = `${width}px`; });
      head.closest('table').classList.add('gx-tb-fixed');
      document.documentElement.classList.add('gx-resizing');
    }
    sizes.set(head, Math.max(NARROWEST, Math.round(first + at.clientX - start)));
    head.style.width = `${sizes.get(head)}px`;
  };
  const end = () => {
    handle.removeEventListener('pointermove', move);
    handle.removeEventListener('pointerup', end);
    handle.removeEventListener('pointercancel', end);
    document.documentElement.classList.remove('gx-resizing');
    if (sizes.get(head) === first) return;
    rewidened(list, heads.filter(one => one.dataset.key).map(one => `${one.dataset.key}:${sizes.get(one)}`));
  };
  handle.addEventListener('pointermove', move);
  handle.addEventListener('pointerup', end);
  handle.addEventListener('pointercancel', end);
});

/** Takes a column's width back, as an empty field of the chooser does. */
function automatic(list, key) {
  const now = (new URL(list.dataset.gxAgain, location.href).searchParams.get('widths') ?? '').split(',').filter(Boolean);
  const left = now.filter(one => one.split(':')[0] !== key);
  if (left.length < now.length) rewidened(list, left);
}

function rewidened(list, widths) {
  const url = new URL(list.dataset.gxAgain, location.href);
  if (widths.length) url.searchParams.set('widths', widths.join(',')); else url.searchParams.delete('widths');
  if (!url.search) url.searchParams.set('view', 'all'); // else a view that somebody begins with would open
  show(list, url.pathname + url.search.replaceAll('%2C', ',').replaceAll('%3A', ':'));
}

function show(list, url) {
  const part = `#${CSS.escape(list.dataset.gxPart || list.id)}`;
  window.htmx.ajax('GET', url, { target: part, select: part, swap: 'outerHTML show:none' }).then(() => history.replaceState(history.state, '', url));
}

// ---- several sorts: Shift and a head adds it to those there are

document.addEventListener('click', event => {
  const link = event.shiftKey ? event.target.closest?.('a[data-gx-also]') : null;
  if (!link) return;
  event.preventDefault();
  event.stopPropagation();
  show(link.closest('[data-gx-again]'), link.dataset.gxAlso);
}, true);

// ---- lines in an order: drag one by its grip, or move it by the arrow keys; a head takes what is beneath it along

const lines = list => [...list.querySelectorAll('[data-gx-line]')];
const isHead = line => line.matches('[data-gx-head]');
const rivals = line => lines(line.parentElement).filter(one => !isHead(line) || isHead(one));
function block(line) {
  const all = lines(line.parentElement);
  const at = all.indexOf(line);
  const next = isHead(line) ? all.findIndex((one, place) => place > at && isHead(one)) : at + 1;
  return all.slice(at, next < 0 ? all.length : next);
}
function put(line, other, after) {
  const mine = block(line);
  if (after) (isHead(line) ? block(other) : [other]).at(-1).after(...mine); else other.before(...mine);
}
const moved = line => line.dispatchEvent(new CustomEvent('gx:moved', { bubbles: true }));
on('pointerdown', '[data-gx-grip]', (event, grip) => {
  const line = grip.closest('[data-gx-line]');
  const before = lines(line.parentElement);
  event.preventDefault();
  line.classList.add('gx-moving');
  // Heard on the page: a capture ends when the line is put elsewhere.
  const move = at => {
    const others = rivals(line);
    const over = others.find(one => one !== line && at.clientY >= one.getBoundingClientRect().top && at.clientY < one.getBoundingClientRect().bottom);
    if (over) put(line, over, others.indexOf(over) > others.indexOf(line));
  };
  const end = () => {
    document.removeEventListener('pointermove', move);
    document.removeEventListener('pointerup', end);
    document.removeEventListener('pointercancel', end);
    line.classList.remove('gx-moving');
    if (lines(line.parentElement).some((one, place) => one !== before[place])) moved(line);
  };
  document.addEventListener('pointermove', move);
  document.addEventListener('pointerup', end);
  document.addEventListener('pointercancel', end);
});
on('keydown', '[data-gx-grip]', (event, grip) => {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by) return;
  event.preventDefault();
  event.stopPropagation();
  const line = grip.closest('[data-gx-line]');
  const all = rivals(line);
  const other = all[all.indexOf(line) + by];
  if (!other) return;
  put(line, other, by > 0);
  grip.focus();
  announce(say('movedTo', { n: rivals(line).indexOf(line) + 1, total: all.length }));
  moved(line);
});

// ---- narrowing a list while one types

on('input', '[data-gx-narrow]', (event, input) => {
  const wanted = input.value.trim().toLowerCase();
  const list = document.querySelector(input.dataset.gxNarrow);
  for (const one of list.children) one.hidden = wanted !== '' && !one.textContent.toLowerCase().includes(wanted);
  if ('gxEdges' in list.dataset) edges(list);
});
on('keydown', '[data-gx-narrow]', (event, input) => {
  const first = [...document.querySelector(input.dataset.gxNarrow).children].find(one => !one.hidden);
  if (event.key === 'Enter') { event.preventDefault(); if (first?.matches('a')) first.click(); else first?.querySelector('input[type=checkbox]')?.click(); }
  if (event.key === 'ArrowDown' && first) { event.preventDefault(); (first.matches('a') ? first : first.querySelector('input'))?.focus(); }
});

// ---- the focus after a popover has changed the list: on what opened it, where that is still there

let opener = '';
document.addEventListener('toggle', event => { if (event.target.open && event.target.matches?.('details.gx-menu')) opener = event.target.querySelector(':scope > summary')?.id ?? ''; }, true);
document.addEventListener('htmx:afterSettle', event => {
  if (!event.detail.target.matches?.('#list-page') || document.activeElement !== document.body) return;
  (document.getElementById(opener) ?? document.getElementById('gx-clause-new'))?.focus();
});
