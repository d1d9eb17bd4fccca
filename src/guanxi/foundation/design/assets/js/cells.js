// Cells edited in their place. A head with data-gx-editor says where the editor of its cells is, relative to the row's
// address; a row without data-edit has none. The editor floats over its cell, so no row moves; a save draws the row
// anew where it stands.
//   double press, or the pencil that appears under the pointer; by keys.js: arrows to the cell, Enter or F2
import { on, say } from './core.js';
import { ask } from './dialogs.js';
import { dirty } from './drafts.js';

const hovers = matchMedia('(hover: hover)');
const phone = matchMedia('(max-width: 720px)');
const TWICE = 220; // ms in which a second press makes the first one no way to the card

const headOf = cell => cell.closest('table').tHead?.rows[0]?.cells[cell.cellIndex];
const editorOf = cell => (cell.closest('tr').dataset.edit ? headOf(cell)?.dataset.gxEditor : null);
const cellOf = target => {
  const cell = target?.closest?.('[data-gx-table] tbody tr[data-id] > td');
  return cell && !phone.matches && editorOf(cell) ? cell : null;
};
let box = null; // the open editor; box.gxCell is its cell

function place() {
  if (!box) return;
  const at = box.gxCell.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  box.style.top = `${at.top + height + 8 <= innerHeight ? at.top : Math.max(8, Math.min(at.bottom, innerHeight - 8) - height)}px`;
}

function close(refocus = true) {
  if (!box) return;
  const cell = box.gxCell;
  cell.classList.remove('gx-editing');
  box.remove();
  box = null;
  if (refocus) point(cell);
}

async function leave(refocus = true) {
  const form = box?.querySelector('form');
  // A choice is made again with one key; only what was typed is asked about.
  const typed = form?.querySelector('textarea, input:not([type=hidden], [type=radio], [type=checkbox])');
  if (typed && dirty(form) && !(await ask(say('unsaved')))) return false;
  close(refocus);
  return true;
}

function point(cell) {
  cell.tabIndex = -1;
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

async function open(cell) {
  if (box?.gxCell === cell || (box && !(await leave(false)))) return;
  const row = cell.closest('tr');
  const table = cell.closest('[data-gx-table]');
  box = Object.assign(document.createElement('div'), { className: 'gx-cell-box gx-float' });
  box.dataset.gxCell = '';
  box.gxCell = cell;
  box.gxColumn = cell.cellIndex;
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', headOf(cell).textContent.trim());
  cell.classList.add('gx-editing');
  table.append(box);
  place();
  await window.htmx.ajax('GET', `${row.dataset.href}${editorOf(cell)}?${table.dataset.gxQuery}`, { target: box, swap: 'innerHTML', source: box, select: 'unset' });
  if (!box?.querySelector('form')) { close(); return; }
  place();
}

// ---- pointer

const pencil = Object.assign(document.createElement('button'), { type: 'button', className: 'gx-pencil', tabIndex: -1 });
on('mouseover', '[data-gx-table] tbody td', (event, at) => {
  const cell = hovers.matches ? cellOf(at) : null;
  if (!cell) { pencil.remove(); return; }
  if (pencil.parentElement === cell) return;
  if (!pencil.firstChild) {
    const icon = document.getElementById('gx-pencil-icon');
    if (icon) pencil.append(icon.content.cloneNode(true));
  }
  pencil.setAttribute('aria-label', say('editCell', { name: headOf(cell).textContent.trim() }));
  cell.classList.add('gx-can');
  cell.append(pencil);
});
document.addEventListener('mouseout', event => {
  if (pencil.parentElement && !pencil.parentElement.contains(event.relatedTarget)) pencil.remove();
});

let waiting = 0;
document.addEventListener('click', event => {
  if (event.target.closest?.('.gx-pencil')) {
    event.stopPropagation();
    open(pencil.parentElement);
    return;
  }
  const cell = cellOf(event.target);
  if (!cell || !hovers.matches || event.metaKey || event.ctrlKey || event.shiftKey || event.target.closest('a, button, input, label, summary, form') || String(getSelection())) return;
  // The second press may follow: then this one does not lead to the card.
  event.stopPropagation();
  const row = cell.closest('tr');
  clearTimeout(waiting);
  waiting = setTimeout(() => location.assign(row.dataset.href), TWICE);
}, true);
document.addEventListener('dblclick', event => {
  const cell = cellOf(event.target);
  if (!cell || event.target.closest('a, button, input, label, summary, form')) return;
  clearTimeout(waiting);
  event.preventDefault();
  getSelection().removeAllRanges();
  open(cell);
}, true);
document.addEventListener('pointerdown', event => {
  if (box && !box.contains(event.target) && !event.target.closest('dialog, .gx-toasts')) leave(false);
});
on('click', '[data-gx-cell] [data-gx-cancel]', () => leave());
// Enter on a list would open it again; Space and the arrows do that.
on('keydown', '.gx-cell-box select', (event, select) => {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  select.form.requestSubmit();
});
addEventListener('resize', place);
document.addEventListener('scroll', place, { capture: true, passive: true });

// A saved row comes back as a new one: it stays selected, and the focus returns to the cell.
document.addEventListener('htmx:beforeSwap', event => {
  const row = event.detail.target;
  if (!box || !row.matches?.('tr[data-id]')) return;
  const back = { id: row.dataset.id, column: box.gxColumn, checked: row.querySelector('[data-gx-pick]')?.checked, table: row.closest('[data-gx-table]') };
  close(false);
  document.addEventListener('htmx:afterSettle', () => {
    const again = back.table.querySelector(`tr[data-id="${CSS.escape(back.id)}"]`);
    if (!again) return;
    const pick = again.querySelector('[data-gx-pick]');
    if (pick && back.checked) { pick.checked = true; again.classList.add('gx-sel'); }
    point(again.cells[back.column]);
  }, { once: true });
});
document.addEventListener('htmx:afterSwap', event => { if (event.detail.target === box) place(); });

// ---- keys (keys.js names them)

const now = () => document.activeElement?.closest?.('[data-gx-table] tbody td');

/** Whether cells of this page can be edited in their place. */
export const there = () => !phone.matches && document.querySelector('[data-gx-table] th[data-gx-editor]') != null && document.querySelector('[data-gx-table] tr[data-edit]') != null;
/** Whether the focus is in a row, so that arrows can go along it. */
export const inRow = event => event.target.closest?.('[data-gx-table] tbody tr[data-id]') != null && !event.target.matches?.('input:not([type=checkbox]), select, textarea') && !box;
/** Whether the focus is on a cell that can be edited. */
export const onCell = () => { const cell = now(); return cell && document.activeElement === cell && cellOf(cell) !== null; };

/** Goes to the next cell of the row that can be edited; from the last one before the first back to its name. */
export function along(by) {
  const row = document.activeElement.closest('tr');
  const cells = [...row.cells].filter(cell => cellOf(cell));
  const at = cells.indexOf(now()?.matches(':focus') ? now() : null);
  const to = at + by;
  if (to < 0 && at >= 0) { row.querySelector('a.gx-nm')?.focus(); return; }
  const cell = cells[at < 0 ? (by > 0 ? 0 : cells.length - 1) : Math.min(to, cells.length - 1)];
  if (cell) point(cell);
}

/** Edits the cell with the focus, else the first of the row. */
export function edit() {
  const cell = onCell() ? now() : [...(document.activeElement.closest('tr')?.cells ?? [])].find(one => cellOf(one));
  if (cell) open(cell);
}

/** Up and down stay in the column. */
document.addEventListener('keydown', event => {
  const cell = now();
  if (!cell || document.activeElement !== cell || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); cell.closest('tr').querySelector('a.gx-nm')?.focus(); return; }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...cell.closest('tbody').querySelectorAll('tr[data-id]')];
  const row = rows[rows.indexOf(cell.closest('tr')) + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!row) return;
  event.preventDefault();
  event.stopPropagation();
  point(row.cells[cell.cellIndex]);
}, true);
