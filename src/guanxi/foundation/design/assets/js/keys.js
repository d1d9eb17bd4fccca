// The keyboard, in one table. The help sheet (?) is drawn from the same lines and shows those that hold on this
// page, so it cannot name a key that does nothing, nor keep one from the reader.
//   <a data-gx-key="e">               pressed by that key; its name is data-gx-key-text, else its label or text
//   <a data-gx-jump="c">              gone to by g, then that key
// No key fires while text is typed, an input method composes, or a dialog or menu is open; letters and signs can be
// turned off on the sheet (WCAG 2.1.4).
import * as cells from './cells.js';
import { announce, composing, each, on, say, typing } from './core.js';
import { open } from './dialogs.js';
import { dirty, leave } from './drafts.js';
import { closeAll } from './menus.js';
import * as palette from './palette.js';
import * as table from './table.js';

const OFF = 'gx-keys-off';
const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const find = selector => document.querySelector(selector);
const drafts = 'main form[data-gx-draft], main form[data-gx-guard]';
const draft = () => find(drafts);
const formOf = event => event.target.closest?.('form') ?? [...document.querySelectorAll(drafts)].find(dirty);
const leaving = () => draft()?.querySelector('[data-gx-leave]');
const facts = () => [...document.querySelectorAll('main [data-gx-fact]')].filter(fact => fact.offsetParent);
const groups = () => [...(draft()?.querySelectorAll('.gx-fgrp') ?? [])];
const tabs = () => [...document.querySelectorAll('.gx-page-list .gx-tabs > a')];
const inRows = event => !event.target.closest?.('a, button, summary, input') || event.target.closest('[data-gx-table] tbody') !== null;
const isFree = event => !event.target.closest?.('a, button, summary, input, [tabindex="0"]');

/*  in     part of the sheet
    keys   names as `nameOf` gives them; `shown` where they are said otherwise
    say    the text's name in texts.py
    here   whether it holds on this page (and is on the sheet)
    now    whether it holds at this moment, for this event
    typing whether it holds while text is typed
    act    what it does; false lets the browser do its own */
const LINES = [
  { in: 'keysAnywhere', keys: ['/', 'Mod+k'], say: 'keySearch', here: palette.there, typing: event => nameOf(event) === 'Mod+k', act: palette.toggle },
  { in: 'keysAnywhere', keys: ['?'], say: 'keyHelp', here: () => true, act: () => open(find('#gx-keys')) },

  { in: 'keysList', keys: ['j', 'ArrowDown'], say: 'keyNext', here: () => table.listed(), now: arrows, act: () => table.step(1) },
  { in: 'keysList', keys: ['k', 'ArrowUp'], say: 'keyBefore', here: () => table.listed(), now: arrows, act: () => table.step(-1) },
  { in: 'keysList', keys: ['ArrowRight', 'ArrowLeft'], say: 'keyCell', here: cells.there, now: cells.inRow, act: event => cells.along(event.key === 'ArrowRight' ? 1 : -1) },
  { in: 'keysList', keys: ['Enter', 'F2'], shown: ['F2', 'Enter'], say: 'keyCellEdit', here: cells.there, now: event => cells.onCell() || (event.key === 'F2' && cells.inRow(event)), act: cells.edit },
  // On a link of the row the browser's own Enter does it.
  { in: 'keysList', keys: ['Enter'], say: 'keyOpen', here: () => table.listed('[data-href]'), now: event => isFree(event) && table.row() != null, act: table.openRow },
  { in: 'keysList', keys: [' '], say: 'keyPreview', here: () => table.listed('[data-preview]') && find('#gx-preview') !== null, now: event => table.row()?.dataset.preview && !event.target.matches?.('input, button, summary'), act: table.glance },
  { in: 'keysList', keys: ['x'], say: 'keySelect', here: () => find('[data-gx-pick]') !== null, now: () => table.row(), act: () => table.choose() },
  { in: 'keysList', keys: ['Shift+x'], say: 'keyRange', here: () => find('[data-gx-pick]') !== null, now: () => table.row(), act: () => table.choose(true) },
  { in: 'keysList', keys: ['a'], say: 'keyAll', here: () => find('[data-gx-pick]') !== null, act: table.chooseAll },
  { in: 'keysList', keys: ['b'], say: 'keyBulk', here: () => find('[data-gx-bulk] button') !== null, now: table.chosen, act: table.act },
  { in: 'keysList', keys: ['e'], say: 'keyEditRow', here: () => table.listed('[data-edit]'), now: () => table.row()?.dataset.edit, act: table.editRow },
  { in: 'keysList', keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], shown: ['1', '9'], between: '–', say: 'keyTab', here: () => tabs().length > 1, now: event => tabs()[event.key - 1], act: event => tabs()[event.key - 1].click() },
  { in: 'keysList', keys: ['Escape'], say: 'keyLetGo', here: () => table.listed(), act: table.letGo },

  { in: 'keysCard', keys: ['j', 'ArrowDown'], say: 'keyNextFact', here: onCard, now: atFact, act: () => toFact(1) },
  { in: 'keysCard', keys: ['k', 'ArrowUp'], say: 'keyFactBefore', here: onCard, now: atFact, act: () => toFact(-1) },
  { in: 'keysCard', keys: ['Enter'], say: 'keyFact', here: onCard, now: () => false }, // the browser's own, on the value
  { in: 'keysCard', keys: ['Tab'], say: 'keySaveNext', here: onCard, typing: single, now: single, act: event => onward(event.target.form, 1) },
  { in: 'keysCard', keys: ['Shift+Tab'], say: 'keySaveBefore', here: onCard, typing: single, now: single, act: event => onward(event.target.form, -1) },
  { in: 'keysCard', keys: ['Escape'], say: 'keyFactEnd', here: onCard, now: () => false }, // forms.js, from within the editor

  { in: 'keysForm', keys: ['Mod+Enter'], say: 'keySave', here: () => draft() !== null, typing: () => true, dialogs: true, now: event => savable(formOf(event)), act: event => save(formOf(event)) },
  { in: 'keysForm', keys: ['Alt+ArrowDown'], say: 'keyNextPart', here: () => groups().length > 2, typing: plain, act: event => toGroup(event, 1) },
  { in: 'keysForm', keys: ['Alt+ArrowUp'], say: 'keyPartBefore', here: () => groups().length > 2, typing: plain, act: event => toGroup(event, -1) },
  { in: 'keysForm', keys: ['Escape'], say: 'keyLeave', here: () => leaving() != null, typing: event => draft()?.contains(event.target), act: () => leave(draft(), leaving().href) },
];

function onCard() { return !table.listed() && facts().length > 0; }
// Arrows scroll the page, but among rows and values they go from one to the next.
function arrows(event) { return event.key.length === 1 || inRows(event); }
function atFact(event) { return event.key.length === 1 || event.target.matches?.('[data-gx-fact]'); }
/** Whether the event is in an editor of one field, where Tab can mean: save, and on to the next. */
function single(event) {
  const form = event.target.form;
  return form?.matches('[data-gx-inline]') && !form.closest('tr') && event.target.matches('input:not([type=checkbox], [type=radio]), select, textarea')
    && [...form.querySelectorAll('input:not([type=hidden], .gx-dated-calendar), select, textarea')].length === 1;
}
function plain(event) { return draft()?.contains(event.target) && !event.target.matches('select, [role=combobox], [type=date], [type=datetime-local], [type=time]'); }

const submitter = form => form?.querySelector('.btn-primary:not([disabled]):not([type=button])');
function savable(form) { return submitter(form) != null; }
function save(form) { form.requestSubmit(submitter(form)); }

function toFact(by) {
  const all = facts();
  const at = all.indexOf(document.activeElement);
  all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
}

/** Saves the editor where something was changed, and opens the one after (or before) it. */
function onward(form, by) {
  const place = form.closest('dd');
  const all = [...document.querySelectorAll('main [data-gx-fact], main form[data-gx-inline]')];
  const next = all[all.indexOf(form) + by]?.closest('dd')?.id;
  const go = event => {
    if (event.detail.target !== place) return;
    document.removeEventListener('htmx:afterSettle', go);
    if (!place.querySelector('form[data-gx-inline]')) document.getElementById(next)?.querySelector('[data-gx-fact]')?.click();
  };
  if (next) document.addEventListener('htmx:afterSettle', go);
  if (dirty(form)) form.requestSubmit(); else form.querySelector('[data-gx-cancel]').click();
}

function toGroup(event, by) {
  const all = groups();
  const at = all.findIndex(group => group.contains(event.target));
  all[Math.min(Math.max(at + by, 0), all.length - 1)]?.querySelector('input:not([type=hidden]):not([disabled]), select, textarea, button')?.focus();
}

// ---- the keys' names

const SAME = { '／': '/', '、': '/', '？': '?', '【': '[', '】': ']', '「': '[', '」': ']' }; // a Chinese keyboard's signs

/** The key of an event: "j", "Shift+x", "Mod+Enter", "Alt+ArrowDown". Mod is Ctrl, on a Mac also ⌘. */
function nameOf(event) {
  const graph = event.getModifierState?.('AltGraph');
  let key = SAME[event.key] ?? event.key;
  const far = key.length === 1 && key > '\u007f' && /^Key[A-Z]$/.test(event.code); // Cyrillic, Greek …
  if (far) key = event.code[3];
  const letter = /^[a-z]$/i.test(key);
  if (letter) key = key.toLowerCase();
  const shift = event.shiftKey && (letter || key.length > 1) ? 'Shift+' : '';
  return (event.ctrlKey || event.metaKey) && !graph ? `Mod+${shift}${key}` : event.altKey && !graph ? `Alt+${shift}${key}` : shift + key;
}

const SIGNS = { ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→', Enter: '↵', Escape: 'Esc', Mod: mac ? '⌘' : 'Ctrl', Alt: mac ? '⌥' : 'Alt', Shift: 'Shift', Tab: 'Tab' };
const cap = name => name.split('+').map(part => part === ' ' ? say('keySpace') : SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(' ');
const isSign = name => /^(Shift\+)?.$/u.test(name);

function off() { try { return localStorage.getItem(OFF) === '1'; } catch { return false; } }

// ---- what the page itself offers

function label(element) {
  const said = element.dataset.gxKeyText || element.getAttribute('aria-label');
  if (said) return said;
  const copy = element.cloneNode(true);
  copy.querySelectorAll('kbd, .gx-n, .gx-item-hint').forEach(one => one.remove());
  return copy.textContent.trim().replace(/\s+/g, ' ');
}

/** The elements that a key presses: the first of each key, none that stands in a closed dialog. */
function pressed() {
  const found = new Map();
  document.querySelectorAll('[data-gx-key]').forEach(element => {
    const inside = element.closest('dialog');
    if (element.disabled || (inside && !inside.open)) return;
    if (!found.has(element.dataset.gxKey)) found.set(element.dataset.gxKey, element);
  });
  return found;
}

function press(element) {
  if (element.matches('input, textarea, select')) element.focus();
  else if (element.matches('summary')) { element.focus(); element.click(); }
  else element.click();
}

const jumps = () => new Map([...document.querySelectorAll('[data-gx-jump]')].reverse().map(link => [link.dataset.gxJump, link]));

// ---- the dispatcher

let going = 0; // until when the next key is the place that g leads to

document.addEventListener('keydown', event => {
  if (event.defaultPrevented || composing(event) || /^(Control|Shift|Alt|Meta|AltGraph|CapsLock)$/.test(event.key)) return;
  const name = nameOf(event);
  if (isSign(name) && off()) return;
  const inField = typing(event.target);
  const dialog = find('dialog[open]') !== null;
  const menu = find('details.gx-menu[open]') !== null;
  if (!inField && !dialog && !menu && isSign(name)) {
    const to = Date.now() < going ? jumps().get(name) : null;
    going = 0;
    if (to) { event.preventDefault(); to.click(); return; }
    if (name === 'g' && jumps().size) { going = Date.now() + 1500; event.preventDefault(); announce(say('keyWhere')); return; }
  }
  if (menu && name === 'Escape') { closeAll(); return; } // from within it has closed itself, and taken the focus back
  for (const line of LINES) {
    if (!line.keys.includes(name)) continue;
    if (inField && !line.typing?.(event)) continue;
    if ((dialog && !line.dialogs && name !== 'Mod+k') || (menu && !inField)) continue;
    if (!(line.dialogs || line.here()) || (line.now && !line.now(event))) continue;
    if (line.act(event) === false) continue;
    event.preventDefault();
    return;
  }
  if (inField || dialog || menu) return;
  const element = pressed().get(name);
  if (!element) return;
  event.preventDefault();
  press(element);
});

// ---- the sheet, and the keys beside what they press

/** The lines that hold on this page, by part: [{part, lines: [{keys, text}]}]. */
export function sheet() {
  const taken = new Set();
  const parts = new Map();
  const add = (part, keys, text, between) => {
    if (!parts.has(part)) parts.set(part, []);
    parts.get(part).push({ keys, text, between });
  };
  for (const line of LINES) {
    if (!line.here()) continue;
    line.keys.forEach(key => taken.add(key));
    add(line.in, (line.shown ?? line.keys).map(cap), say(line.say), line.between);
  }
  for (const [key, element] of pressed()) if (!taken.has(key)) add('keysHere', [cap(key)], label(element));
  for (const [key, link] of [...jumps()].reverse()) add('keysGo', [`${cap('g')} ${cap(key)}`], label(link));
  const order = ['keysList', 'keysCard', 'keysForm', 'keysHere', 'keysGo', 'keysAnywhere'];
  return order.filter(part => parts.has(part)).map(part => ({ part, lines: parts.get(part) }));
}

const make = (tag, text = '') => Object.assign(document.createElement(tag), { textContent: text });

function draw() {
  const place = find('#gx-keys-lines');
  place.replaceChildren(...sheet().map(({ part, lines }) => {
    const section = make('section');
    const list = Object.assign(make('dl'), { className: 'gx-keys' });
    for (const { keys, text, between } of lines) {
      const term = make('dt');
      keys.forEach((key, i) => {
        if (i && between) term.append(between);
        key.split(' ').forEach(one => term.append(make('kbd', one), ' '));
      });
      list.append(term, make('dd', text));
    }
    section.append(make('h3', say(part)), list);
    return section;
  }));
  find('#gx-keys-on').checked = !off();
}

find('#gx-keys')?.addEventListener('gx:open', draw);
on('change', '#gx-keys-on', (event, box) => {
  try { if (box.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, '1'); } catch { /* then they stay on */ }
});

function hint(element, keys, text) {
  if (element.dataset.gxHinted) return;
  element.dataset.gxHinted = '1';
  if (keys.length === 1) element.setAttribute('aria-keyshortcuts', keys[0]); // there is no way to say: one after the other
  if (text) element.title = `${text} (${keys.map(cap).join(' ')})`;
}
function hints(root) {
  root.querySelectorAll('[data-gx-key]').forEach(element => hint(element, [element.dataset.gxKey], element.querySelector('kbd') ? '' : element.title || label(element)));
}
each('[data-gx-jump]', link => hint(link, ['g', link.dataset.gxJump], link.title || label(link)));
hints(document);
document.addEventListener('htmx:load', event => hints(event.detail.elt.parentElement ?? document));
document.addEventListener('gx:keys', event => hints(event.target));
