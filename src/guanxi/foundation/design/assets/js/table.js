// Tables: selecting rows (with Shift for a range), the bulk bar, and the keyboard: j/k or arrows move, Enter
// opens, Space previews, x selects, e edits, ? helps, Esc lets go.
import { announce, count, each, on, say, typing } from './core.js';
import { open } from './dialogs.js';

const rowsOf = table => [...table.querySelectorAll('tbody tr[data-id]')];
const picksOf = table => [...table.querySelectorAll('[data-gx-pick]')];
const barOf = table => document.querySelector(`[data-gx-bulk="${CSS.escape(table.id)}"]`);
const last = new WeakMap();
const all = total => total ? say('allSelected', { n: total }) : say('matchingSelected');

function refresh(table) {
  const picks = picksOf(table);
  const chosen = picks.filter(pick => pick.checked);
  picks.forEach(pick => pick.closest('tr').classList.toggle('gx-sel', pick.checked));
  const head = table.querySelector('[data-gx-all]');
  if (head) {
    head.checked = picks.length > 0 && chosen.length === picks.length;
    head.indeterminate = chosen.length > 0 && chosen.length < picks.length;
  }
  const bar = barOf(table);
  if (!bar) return;
  const everything = bar.elements.all?.value === '1';
  bar.classList.toggle('gx-on', chosen.length > 0);
  document.documentElement.classList.toggle('gx-bulk-on', chosen.length > 0); // toasts stand above the bar on phones
  const total = bar.querySelector('[data-gx-everything]')?.dataset.total;
  bar.querySelector('[data-gx-count]').textContent = everything ? all(total) : say('selected', { n: count(chosen.length) });
  const more = bar.querySelector('[data-gx-everything]');
  if (more) more.hidden = everything || chosen.length < picks.length;
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
  announce(all(button.dataset.total));
});
on('click', '[data-gx-unselect]', (event, button) => unselect(document.getElementById(button.closest('[data-gx-bulk]').dataset.gxBulk)));
on('click', '[data-gx-selecting]', (event, button) => {
  const table = button.closest('[data-gx-table]');
  const now = table.classList.toggle('gx-selecting');
  button.setAttribute('aria-pressed', String(now));
  if (!now) unselect(table);
});

// ---- the cursor

const tableNow = () => document.querySelector('[data-gx-table]');
const cursor = table => table.querySelector('tr.gx-cur');

function goTo(table, row) {
  cursor(table)?.classList.remove('gx-cur');
  if (!row) return;
  row.classList.add('gx-cur');
  row.scrollIntoView({ block: 'nearest' });
  row.querySelector('a.gx-nm')?.focus({ preventScroll: true });
  if (previewed()) preview(row);
}

const pane = () => document.getElementById('gx-preview');
const previewed = () => document.querySelector('.gx-split.gx-with-preview') !== null;

function preview(row) {
  if (!row.dataset.preview || !pane()) return;
  pane().closest('.gx-split').classList.add('gx-with-preview');
  document.documentElement.classList.add('gx-has-preview');
  window.htmx.ajax('GET', row.dataset.preview, { target: pane(), swap: 'innerHTML' });
}

function unpreview() {
  pane()?.closest('.gx-split').classList.remove('gx-with-preview');
  document.documentElement.classList.remove('gx-has-preview');
}

if (previewed()) document.documentElement.classList.add('gx-has-preview');
on('click', '[data-gx-preview-close]', () => unpreview());

document.addEventListener('keydown', event => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector('dialog[open], details.gx-menu[open]')) return;
  if (event.key === '?') { event.preventDefault(); open(document.getElementById('gx-keys')); return; }
  const table = tableNow();
  if (!table) return;
  const rows = rowsOf(table);
  const at = rows.indexOf(cursor(table));
  const row = rows[at];
  const inside = !event.target.closest?.('a, button, summary, input') || event.target.closest('[data-gx-table] tbody');
  switch (event.key) {
    case 'j': case 'ArrowDown':
      if (event.key === 'ArrowDown' && !inside) return;
      event.preventDefault(); goTo(table, rows[Math.min(at + 1, rows.length - 1)]); break;
    case 'k': case 'ArrowUp':
      if (event.key === 'ArrowUp' && !inside) return;
      event.preventDefault(); goTo(table, rows[Math.max(at - 1, 0)]); break;
    case 'Enter':
      if (row && !event.target.closest?.('a, button, summary, input')) location.assign(row.dataset.href); break;
    case ' ':
      if (!row || event.target.matches?.('input, button, summary')) return;
      event.preventDefault();
      if (previewed() && event.target.closest?.('tr') === row && pane()?.dataset.gxRow === row.dataset.id) unpreview();
      else { preview(row); if (pane()) pane().dataset.gxRow = row.dataset.id; }
      break;
    case 'x': case 'X': {
      const box = row?.querySelector('[data-gx-pick]');
      if (box) { event.preventDefault(); box.checked = event.shiftKey || !box.checked; pick(table, box, event.shiftKey); }
      break;
    }
    case 'e':
      if (row?.dataset.edit) { event.preventDefault(); location.assign(row.dataset.edit); } break;
    case 'Escape':
      if (picksOf(table).some(one => one.checked)) unselect(table);
      else if (previewed()) unpreview();
      break;
    default:
  }
});
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
