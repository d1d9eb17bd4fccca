// Sales on the days they are expected on: a file of its own (days.js), loaded on its page only. Where there is a mouse
// they are dragged to another day; each has a menu that does the same. What the server has done stands: the page comes
// anew after each move, for its sums follow.
import Sortable from 'sortablejs';
import { each, on } from './core.js';

const fine = matchMedia('(pointer: fine)');

const send = (item, day) => {
  item.setAttribute('aria-busy', 'true');
  return htmx.ajax('POST', item.dataset.move, { source: item, swap: 'none', values: { day } });
};
const again = () => htmx.ajax('GET', location.pathname + location.search, { source: document.body, target: '#list-page', select: '#list-page', swap: 'outerHTML' });

each('[data-gx-days] [data-gx-day]', one => {
  if (!fine.matches || one.gxSortable) return;
  one.gxSortable = new Sortable(one, {
    group: 'days', draggable: '.gx-exp[data-id]', filter: '.gx-menu', preventOnFilter: false, sort: false, animation: 120,
    ghostClass: 'gx-place', revertOnSpill: true,
    onEnd: ({ item, from, to }) => { if (from !== to) send(item, to.dataset.gxDay); },
  });
});

on('click', '[data-gx-to-day]', (event, place) => {
  const item = place.closest('.gx-exp');
  place.closest('details').open = false;
  send(item, place.dataset.gxToDay);
});

document.addEventListener('gx:dayed', again);
for (const failure of ['htmx:responseError', 'htmx:sendError']) {
  document.addEventListener(failure, event => { if (event.detail.elt?.closest?.('[data-gx-days]')) again(); });
}
