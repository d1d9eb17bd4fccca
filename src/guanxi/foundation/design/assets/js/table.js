// Tables: selecting rows (with Shift for a range), the bulk bar, the preview, and the cursor that the keys move
// (keys.js says which key does what).
import { announce, count, each, on, say } from './core.js';

const rowsOf = table => [...table.querySelectorAll('tbody tr[data-id]')];
const picksOf = table => [...table.querySelectorAll('[data-gx-pick]')];
const barOf = table => document.querySelector(`[data-gx-bulk="${CSS.escape(table.id)}"]`);
const last = new WeakMap();
const phone = matchMedia('(max-width: 720px)');
// The total comes in a request of its own, after the bar was drawn.
const totalOf = button => button?.dataset.total || document.getElementById('gx-found')?.dataset.gxTotal;
const all = total => total ? say('allSelected', { n: total }) : say('matchingSelected');

function refresh(table) {
  const picks = picksOf(table);
  const chosen = picks.filter(pick => pick.checked);
  picks.forEach(pick => pick.closest('tr').classList.toggle('gx-sel', pick.checked));
  for (const head of table.querySelectorAll('[data-gx-all]')) { // above the column; on a phone above the rows
    head.checked = picks.length > 0 && chosen.length === picks.length;
    head.indeterminate = chosen.length > 0 && chosen.length < picks.length;
  }
  const bar = barOf(table);
  if (!bar) return;
  const everything = bar.elements.all?.value === '1';
  bar.classList.toggle('gx-on', chosen.length > 0);
  document.documentElement.classList.toggle('gx-bulk-on', chosen.length > 0); // toasts stand above the bar on phones
  const total = totalOf(bar.querySelector('[data-gx-everything]'));
  bar.querySelector('[data-gx-count]').textContent = everything ? all(total) : say('selected', { n: count(chosen.length) });
  const more = bar.querySelector('[data-gx-everything]');
  if (more) more.hidden = everything || chosen.length < picks.length;
  if (more && total) more.textContent = say('selectAll', { n: count(total) });
}

function unselect(table) {
  picksOf(table).forEach(pick => { pick.checked = false; });
  const bar = barOf(table);
  if (bar?.elements.all) bar.elements.all.value = '';
  table.classList.remove('gx-selecting');
  refresh(table);
}

function pick(table, box, range) {
  const boxes = picksOf(table);
  const from = boxes.indexOf(last.get(table));
  const to = boxes.indexOf(box);
  if (range && from >= 0) boxes.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(b => { b.checked = box.checked; });
  last.set(table, box);
  const bar = barOf(table);
  if (bar?.elements.all) bar.elements.all.value = '';
  refresh(table);
}

each('[data-gx-table]', refresh);
document.addEventListener('htmx:afterSettle', event => {
  const table = event.detail.target.closest?.('[data-gx-table]');
  if (table) refresh(table);
});
on('click', '[data-gx-pick]', (event, box) => pick(box.closest('[data-gx-table]'), box, event.shiftKey));
on('change', '[data-gx-all]', (event, box) => {
  const table = box.closest('[data-gx-table]');
  picksOf(table).forEach(one => { one.checked = box.checked; });
  if (barOf(table)?.elements.all) barOf(table).elements.all.value = '';
  refresh(table);
});
on('click', '[data-gx-everything]', (event, button) => {
  const table = document.getElementById(button.closest('[data-gx-bulk]').dataset.gxBulk);
  barOf(table).elements.all.value = '1';
  refresh(table);
  announce(all(totalOf(button)));
});
on('click', '[data-gx-unselect]', (event, button) => unselect(document.getElementById(button.closest('[data-gx-bulk]').dataset.gxBulk)));
on('click', '[data-gx-selecting]', (event, button) => {
  const table = button.closest('[data-gx-table]');
  if (!table.classList.toggle('gx-selecting')) unselect(table);
});
// On a phone, once rows are being selected, a touch anywhere on a row selects it and opens nothing.
document.addEventListener('click', event => {
  const row = phone.matches ? event.target.closest?.('.gx-selecting tbody tr[data-id]') : null;
  if (!row || event.target.closest('[data-gx-pick]')) return;
  event.preventDefault();
  event.stopPropagation();
  const box = row.querySelector('[data-gx-pick]');
  box.checked = !box.checked;
  pick(row.closest('[data-gx-table]'), box, false);
}, true);

// ---- the cursor

const tableNow = () => document.querySelector('[data-gx-table]');
const cursor = table => table?.querySelector('tr.gx-cur');
const pane = () => document.getElementById('gx-preview');
const previewed = () => document.querySelector('.gx-split.gx-with-preview') !== null;

function goTo(table, row) {
  cursor(table)?.classList.remove('gx-cur');
  if (!row) return;
  row.classList.add('gx-cur');
  row.scrollIntoView({ block: 'nearest' });
  row.querySelector('a.gx-nm')?.focus({ preventScroll: true });
  if (previewed()) preview(row);
}

function preview(row) {
  if (!row.dataset.preview || !pane()) return;
  pane().closest('.gx-split').classList.add('gx-with-preview');
  pane().dataset.gxRow = row.dataset.id;
  document.documentElement.classList.add('gx-has-preview');
  window.htmx.ajax('GET', row.dataset.preview, { target: pane(), swap: 'innerHTML' });
}

function unpreview() {
  pane()?.closest('.gx-split').classList.remove('gx-with-preview');
  document.documentElement.classList.remove('gx-has-preview');
}

if (previewed()) document.documentElement.classList.add('gx-has-preview');
on('click', '[data-gx-preview-close]', () => unpreview());

/** Whether the page has a list whose rows can be walked; with `what`, whether they offer it ([data-edit] …). */
export const listed = (what = '') => tableNow()?.querySelector(`tbody tr[data-id]${what}`) != null;

/** Moves the cursor; past the last row shown, the next ones are fetched. */
export function step(by) {
  const table = tableNow();
  const rows = rowsOf(table);
  const to = rows.indexOf(cursor(table)) + by;
  if (to < rows.length || by < 0) { goTo(table, rows[Math.max(to, 0)]); return; }
  const more = document.querySelector(`#${CSS.escape(table.id)}-more a[hx-get]`);
  if (!more || more.dataset.gxAsked) return;
  more.dataset.gxAsked = '1';
  document.addEventListener('htmx:afterSettle', () => { if (rowsOf(table).length > rows.length) goTo(table, rowsOf(table)[to]); }, { once: true });
  more.click();
}

/** The row under the cursor. */
export const row = () => cursor(tableNow());
export function openRow() { location.assign(row().dataset.href); }
export function editRow() { location.assign(row().dataset.edit); }

/** Shows the row beside the list, or closes what shows it already. */
export function glance() {
  if (previewed() && pane()?.dataset.gxRow === row().dataset.id) unpreview(); else preview(row());
}

/** Selects the row, or lets it go; with `range` all from the last one. */
export function choose(range = false) {
  const box = row().querySelector('[data-gx-pick]');
  if (!box) return;
  box.checked = range || !box.checked;
  pick(tableNow(), box, range);
}

/** Selects the rows shown; once they are, all that match; then none. */
export function chooseAll() {
  const table = tableNow();
  const bar = barOf(table);
  const every = picksOf(table).every(one => one.checked);
  const more = bar?.querySelector('[data-gx-everything]');
  if (every && bar?.elements.all?.value === '1') { unselect(table); return; }
  if (every) { if (more && !more.hidden) more.click(); else unselect(table); return; }
  picksOf(table).forEach(one => { one.checked = true; });
  if (bar?.elements.all) bar.elements.all.value = '';
  refresh(table);
}

/** Takes the focus to what can be done with the selection. */
export function act() { barOf(tableNow())?.querySelector('button:not([data-gx-everything]):not([data-gx-unselect])')?.focus(); }

/** Whether any row is selected. */
export const chosen = () => listed() && picksOf(tableNow()).some(one => one.checked);
/** Clears the selection, else closes the preview; says whether there was anything to let go. */
export function letGo() {
  if (chosen()) { unselect(tableNow()); return true; }
  if (previewed()) { unpreview(); return true; }
  return false;
}

/** Puts the cursor on the row that leads to `path`, without taking the focus. */
export function pointAt(path) {
  const found = rowsOf(tableNow() ?? document.body).find(one => one.dataset.href === path);
  if (found && !cursor(tableNow())) { found.classList.add('gx-cur'); found.scrollIntoView({ block: 'nearest' }); }
}

// The cursor follows the focus and the pointer's press.
on('focusin', '[data-gx-table] tbody tr[data-id]', (event, row) => {
  const table = row.closest('[data-gx-table]');
  if (cursor(table) !== row) { cursor(table)?.classList.remove('gx-cur'); row.classList.add('gx-cur'); }
});
on('click', '[data-gx-table] tbody tr[data-href]', (event, row) => {
  if (event.target.closest('a, button, input, label, summary, form') || String(getSelection())) return;
  const edge = event.target.closest('.gx-pickcell');
  if (edge) { const box = edge.querySelector('input'); box.checked = !box.checked; pick(row.closest('[data-gx-table]'), box, event.shiftKey); return; }
  if (event.metaKey || event.ctrlKey) window.open(row.dataset.href, '_blank', 'noopener');
  else location.assign(row.dataset.href);
});
