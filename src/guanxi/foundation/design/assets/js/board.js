// A list as a board: a file of its own (board.js), loaded on its page only. Cards are dragged between lanes where there
// is a mouse; by key and on a phone each has a menu that does the same. What the server says of a move stands: a card
// that may not go, or not yet, is back in its place. Every so often the lanes are compared with what others have done.
import Sortable from 'sortablejs';
import { announce, each, on, say } from './core.js';

const EVERY = 20_000; // ms between two looks at what others did
const fine = matchMedia('(pointer: fine)');
let moving = null; // the card on its way: {card, from, next, lane}

const board = () => document.querySelector('[data-gx-board]');
const lane = id => board()?.querySelector(`[data-gx-lane="${CSS.escape(id)}"]`);

// ---- dragging

each('[data-gx-lane]', one => {
  if (!fine.matches || one.gxSortable) return;
  one.gxSortable = new Sortable(one, {
    group: 'board', draggable: '.gx-dc[data-id]', filter: '.gx-menu', preventOnFilter: false, sort: false, animation: 120,
    ghostClass: 'gx-place', dragClass: 'gx-held', scroll: true, revertOnSpill: true,
    onStart: () => { letGo(); board().classList.add('gx-board-held'); },
    onEnd: ({ item, from, to }) => {
      board().classList.remove('gx-board-held');
      if (from !== to) dropped(item, from, to);
    },
  });
});

function dropped(card, from, to) {
  const target = to.dataset.gxEnd;
  if (target) from.prepend(card);
  if (target === 'lost') { // it asks for more than a place
    location.href = card.dataset.lost;
    return;
  }
  moving = { card, from, to: target ? null : to };
  send(card, target ? card.dataset.won : to.dataset.gxLane);
}

function send(card, stage) {
  card.setAttribute('aria-busy', 'true');
  return htmx.ajax('POST', card.dataset.move, { source: card, target: card, swap: 'outerHTML', values: { stage, from: card.dataset.stage } });
}

on('click', '[data-gx-place]', (event, place) => {
  const card = place.closest('.gx-dc');
  place.closest('details').open = false;
  letGo();
  moving = { card, from: card.parentElement, to: lane(place.dataset.gxPlace) };
  send(card, place.dataset.gxPlace);
});

// ---- what a stage still asks for: it hangs from the card, whose old place stays as a ghost

function hang() {
  const gate = document.getElementById('gx-gate');
  if (!gate?.firstElementChild) return;
  const form = gate.querySelector('[data-gx-gate-of]');
  const card = board().querySelector(`.gx-dc[data-id="${CSS.escape(form.dataset.gxGateOf)}"]`);
  if (!card) return;
  if (!moving || moving.card !== card) moving = { card, from: card.parentElement, to: lane(form.dataset.gxGateTo) };
  card.removeAttribute('aria-busy');
  card.classList.add('gx-dropped');
  if (moving.from !== moving.to && moving.to) {
    const ghost = Object.assign(document.createElement('div'), { className: 'gx-dc gx-ghost' });
    const name = Object.assign(document.createElement('div'), { className: 'gx-cut', textContent: card.querySelector('.gx-dc-name').textContent });
    ghost.append(name, Object.assign(document.createElement('div'), { className: 'gx-s12', textContent: form.dataset.gxGateSaid }));
    moving.from.prepend(ghost);
    moving.ghost = ghost;
    moving.to.prepend(card);
  }
  card.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  const at = card.getBoundingClientRect(), within = board().getBoundingClientRect();
  gate.style.top = `${at.bottom - within.top + 8}px`;
  gate.style.left = `${Math.max(0, Math.min(at.left - within.left, within.width - gate.offsetWidth))}px`;
  gate.querySelector('h2').focus();
}

/** Puts a card back that has not gone, and takes the question away. */
function letGo() {
  const gate = document.getElementById('gx-gate');
  if (gate) gate.replaceChildren();
  if (!moving) return;
  const { card, from, ghost } = moving;
  moving = null;
  card.classList.remove('gx-dropped');
  card.removeAttribute('aria-busy');
  if (ghost?.isConnected) ghost.replaceWith(card); else if (card.isConnected && card.parentElement !== from) from.prepend(card);
}

on('click', '[data-gx-gate-back]', event => { event.preventDefault(); const card = moving?.card; letGo(); card?.querySelector('.gx-dc-name').focus(); });
document.addEventListener('keydown', event => { if (event.key === 'Escape' && document.getElementById('gx-gate')?.firstElementChild) letGo(); });
document.addEventListener('htmx:afterSettle', event => { if (event.detail.target?.id === 'gx-gate') hang(); });

// ---- what came of it

document.addEventListener('gx:moved', event => {
  const { id, stage } = event.detail;
  const card = board()?.querySelector(`.gx-dc[data-id="${CSS.escape(id)}"]`);
  const to = lane(stage);
  moving?.ghost?.remove();
  moving = null;
  document.getElementById('gx-gate')?.replaceChildren();
  if (card && to && card.parentElement !== to) to.prepend(card);
  if (card) card.querySelector('.gx-dc-name').focus({ preventScroll: true });
  if (card && to) announce(say('moved', { name: card.querySelector('.gx-dc-name').textContent, place: to.closest('.gx-lane').getAttribute('aria-label') }));
  look();
});
for (const failure of ['htmx:responseError', 'htmx:sendError']) {
  document.addEventListener(failure, event => {
    const card = event.detail.elt?.closest?.('[data-gx-board] .gx-dc, #gx-gate');
    if (!card) return;
    letGo();
    const said = event.detail.xhr?.responseText;
    if (failure === 'htmx:responseError' && event.detail.xhr.getResponseHeader('Content-Type')?.startsWith('text/plain') && said) document.dispatchEvent(new CustomEvent('gx:toast', { detail: { text: said, bad: true } }));
    look();
  });
}

// ---- what others do meanwhile: heads come anew, and a lane whose mark is another one

let looking = false;
function look() {
  const root = board();
  if (!root || looking || document.hidden || moving || root.classList.contains('gx-board-held')) return;
  looking = true;
  htmx.ajax('GET', root.dataset.sums, { source: root, swap: 'none' }).finally(() => { looking = false; });
}
setInterval(look, EVERY);
document.addEventListener('visibilitychange', look);
document.addEventListener('htmx:oobAfterSwap', event => {
  const head = event.detail.target?.closest?.('.gx-lane-h') ?? document.getElementById(event.detail.target?.id);
  const cards = head?.parentElement?.querySelector('[data-gx-lane]');
  if (!cards || !head.dataset.mark || cards.dataset.mark === head.dataset.mark || moving) return;
  if (cards.querySelector('details[open], :focus')) return; // not under somebody's hand
  cards.dataset.mark = head.dataset.mark;
  htmx.ajax('GET', cards.dataset.again, { source: cards, target: cards, swap: 'innerHTML' });
});
