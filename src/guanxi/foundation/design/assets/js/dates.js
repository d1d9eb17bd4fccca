// Days are written year first and said in words of the page's language. A browser's own date field orders day and month by
// its own language, so with a mouse a date is a text field of ours with the browser's calendar behind a button; under a
// finger the system's own wheels remain. Without this script everything is the browser's own.
import { each, say } from './core.js';

const DATES = 'input[type=date].form-control, input[type=datetime-local].form-control';
const tongue = document.documentElement.lang || undefined;
const day = new Intl.DateTimeFormat(tongue, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' });
const moment = new Intl.DateTimeFormat(tongue, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit' });
const WRITTEN = /^(\d{4})(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?|(\d{2})(\d{2}))(?:(?:\s+|T)\s*(\d{1,2})[:：时](\d{1,2})分?)?$/;
const parts = new Intl.DateTimeFormat(tongue, { month: 'long', day: 'numeric', weekday: 'long' });
const two = n => String(n).padStart(2, '0');

/** What people write (2026-11-21, 2026/11/21, 2026年11月21日, 20261121; with 14:30 where `timed`) as a browser has it; '' for what is no such day. */
export function read(text, timed) {
  const parts = WRITTEN.exec(text.trim().normalize('NFKC'));
  if (!parts || (timed && !parts[6])) return '';
  const [year, month, date, hour, minute] = [parts[1], parts[2] ?? parts[4], parts[3] ?? parts[5], parts[6] ?? 0, parts[7] ?? 0].map(Number);
  const at = new Date(Date.UTC(year, month - 1, date));
  if (at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== date || hour > 23 || minute > 59) return '';
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}${timed ? `T${two(hour)}:${two(minute)}` : ''}`;
}

/** A day (2026-11-24, with or without a time) as the server writes it: 11 月 24 日星期二; Tuesday, 24 November. '' for none. */
export function weekday(text) {
  const [year, month, date] = text.slice(0, 10).split('-').map(Number);
  if (!date) return '';
  const named = Object.fromEntries(parts.formatToParts(new Date(year, month - 1, date)).map(one => [one.type, one.value]));
  return say('weekdayDay', { weekday: named.weekday, day: date, month: named.month.replace('月', '') });
}

let serial = 0;
function words(field, timed, value) {
  const line = Object.assign(document.createElement('div'), { id: `gx-day-${++serial}`, className: 'gx-hint gx-day-words' });
  const tell = () => {
    const at = value();
    line.textContent = at ? (timed ? moment : day).format(new Date(timed ? at : `${at}T00:00`)) : '';
    line.hidden = !at;
  };
  field.setAttribute('aria-describedby', [field.getAttribute('aria-describedby'), line.id].filter(Boolean).join(' '));
  for (const kind of ['input', 'change']) field.addEventListener(kind, tell);
  field.form?.addEventListener('gx:restored', tell);
  return [line, tell];
}

function written(field, timed, model) {
  const calendar = Object.assign(document.createElement('input'), { type: field.type, className: 'gx-dated-calendar', tabIndex: -1, min: field.min, max: field.max });
  calendar.setAttribute('aria-hidden', 'true');
  const button = model.content.firstElementChild.cloneNode(true);
  const box = Object.assign(document.createElement('div'), { className: 'gx-dated' });
  const focused = field === document.activeElement;
  const plain = () => read(field.value, timed);
  const check = () => {
    const at = plain();
    const said = !field.value.trim() || (at && (!field.min || at >= field.min) && (!field.max || at <= field.max)) ? '' : at
      ? say(field.min && at < field.min ? 'atLeast' : 'atMost', { n: field.min && at < field.min ? field.min : field.max })
      : say(timed ? 'badMoment' : 'badDay');
    field.setCustomValidity(said);
  };
  const put = at => { field.value = at.replace('T', ' '); };
  const value = field.value;
  field.type = 'text';
  field.autocomplete = 'off';
  field.placeholder = say(timed ? 'momentParts' : 'dateParts');
  put(value);
  field.before(box);
  box.append(field, calendar, button);
  if (focused) field.focus();
  field.addEventListener('input', check);
  field.addEventListener('change', () => { const at = plain(); if (at) put(at); check(); });
  const open = () => { calendar.value = plain(); try { calendar.showPicker(); } catch { calendar.focus(); } };
  button.addEventListener('click', open);
  field.addEventListener('keydown', event => { if (event.key === 'ArrowDown' && event.altKey) { event.preventDefault(); open(); } });
  for (const kind of ['input', 'change']) calendar.addEventListener(kind, event => {
    event.stopPropagation(); // it is no field of the form's: drafts and requests hear of the field
    put(calendar.value);
    field.dispatchEvent(new Event(kind, { bubbles: true }));
  });
  field.form?.addEventListener('gx:restored', check);
  check();
  return box;
}

each(DATES, field => {
  if (field.dataset.gxDated !== undefined) return;
  field.dataset.gxDated = '';
  const timed = field.type === 'datetime-local';
  const model = document.getElementById('gx-dated');
  const ours = model && matchMedia('(pointer: fine)').matches;
  if (field.parentElement.matches('.gx-row-f')) { // the ends of a stretch, side by side
    if (ours) written(field, timed, model);
    return;
  }
  const [line, tell] = words(field, timed, () => (ours ? read(field.value, timed) : field.value));
  (ours ? written(field, timed, model) : field).after(line);
  tell();
});
