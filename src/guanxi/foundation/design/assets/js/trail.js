// The way from a list to its cards and on: the list leaves its rows' addresses, in their order, in this window; a
// card that is one of them leads to the one before and after, and back. And a card tells that it was opened, so
// that the palette knows what this person worked with last.
import { count, csrf, each, say } from './core.js';
import { pointAt } from './table.js';

const TRAIL = 'gx-trail';
const MOST = 1000;
const read = () => { try { return JSON.parse(sessionStorage.getItem(TRAIL) ?? 'null'); } catch { return null; } };
const write = trail => { try { sessionStorage.setItem(TRAIL, JSON.stringify(trail)); } catch { /* then there are no arrows */ } };
const here = location.pathname + location.search;

addEventListener('pagehide', () => {
  const rows = [...document.querySelectorAll('[data-gx-table] tbody tr[data-href]')];
  const at = document.querySelector('[data-gx-table] tr.gx-cur')?.dataset.href;
  const asked = new URLSearchParams(location.search);
  const first = asked.has('after') ? Number(asked.get('shown')) || 0 : 0; // a page opened by its own address
  // Those loaded are not all: the total where it has come, else that there are more.
  const more = document.querySelector('.gx-more a[hx-get]') !== null;
  const all = more ? document.getElementById('gx-found')?.dataset.gxTotal || `${count(first + rows.length)}+` : count(first + rows.length);
  if (rows.length) write({ list: location.pathname + location.search, cards: rows.slice(0, MOST).map(row => row.dataset.href), at, first, all });
});

const trail = read();
if (trail?.list === here && trail.at) pointAt(trail.at);

const at = trail ? trail.cards.indexOf(location.pathname) : -1;
if (at >= 0) {
  write({ ...trail, at: location.pathname });
  // The head of a card is drawn anew after an edit, so the arrows are too.
  each('[data-gx-trail]', place => {
    const model = document.getElementById('gx-trail');
    if (!model || place.firstElementChild) return;
    const made = model.content.cloneNode(true);
    const [back, before, after] = made.querySelectorAll('a');
    back.href = trail.list;
    made.querySelector('[data-gx-at]').textContent = say('trailAt', { n: count((trail.first ?? 0) + at + 1), all: trail.all ?? trail.cards.length });
    for (const [link, url] of [[before, trail.cards[at - 1]], [after, trail.cards[at + 1]]]) {
      if (url) link.href = url;
      else { link.removeAttribute('data-gx-key'); link.setAttribute('role', 'link'); link.setAttribute('aria-disabled', 'true'); }
    }
    place.append(made);
    place.dispatchEvent(new CustomEvent('gx:keys', { bubbles: true }));
  });
}

const card = document.querySelector('[data-gx-opened]');
if (card) {
  setTimeout(() => {
    fetch(card.dataset.gxOpened, { method: 'POST', keepalive: true, headers: { 'X-CSRFToken': csrf(), 'HX-Request': 'true' } }).catch(() => { /* the next one will do */ });
  }, 150);
}
