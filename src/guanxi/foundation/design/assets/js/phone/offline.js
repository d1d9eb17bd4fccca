// The page without network: the customers that are kept, and one of them where its card was asked for. Loaded by that page
// alone, beside gx.js, which has the queue.
import { held, refresh } from './keeping.js';
import { get } from './store.js';

const words = document.getElementById('offline-words').dataset;
const place = document.querySelector('[data-offline-in]');
const said = document.querySelector('[data-offline-said]');
const tongue = document.documentElement.lang || undefined;
const clock = new Intl.DateTimeFormat(tongue, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(tongue, { month: 'short', day: 'numeric' });
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const made = (tag, properties = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
};
const model = id => document.getElementById(id).content.cloneNode(true);

function moment(text) {
  const at = new Date(text);
  const today = at.toDateString() === new Date().toDateString();
  return `${today ? words.today : day.format(at)} ${clock.format(at)}`;
}
// A day without a time is nobody's zone but its own.
const dayOf = text => day.format(new Date(...text.split('-').map((part, n) => Number(part) - (n === 1 ? 1 : 0))));

function calls(name, numbers) {
  return numbers.map(({ text, url }) => {
    const link = made('a', { className: 'btn btn-sm', href: url, textContent: text });
    link.setAttribute('aria-label', `${fill(words.call, { name })}: ${text}`);
    return link;
  });
}

const far = metres => (metres === null ? '' : metres < 1000 ? `${metres} m` : `${(metres / 1000).toFixed(1)} km`);

function row(one) {
  const about = [words[one.why], far(one.metres), one.address].filter(Boolean).join(' · ');
  return made('div', { className: 'gx-li' },
    made('div', { className: 'gx-fill' }, made('div', { className: 'gx-cut' }, made('a', { className: 'gx-b', href: one.url, textContent: one.name })), made('div', { className: 'gx-s12 gx-t2 gx-cut', textContent: about })),
    ...calls(one.name, one.calls.slice(0, 1)));
}

const text = one => [one.name, ...one.calls.map(call => call.text), ...one.people.flatMap(person => [person.name, ...person.calls.map(call => call.text)])].join(' ').toLowerCase();

function list(kept) {
  place.replaceChildren(model('offline-list'));
  const rows = place.querySelector('[data-offline-rows]');
  const find = place.querySelector('#offline-find');
  const draw = () => {
    const asked = find.value.trim().toLowerCase();
    rows.replaceChildren(...kept.customers.filter(one => text(one).includes(asked)).map(row));
  };
  find.addEventListener('input', draw);
  draw();
  if (kept.more) place.querySelector('[data-offline-more]').textContent = words.more;
}

function promise(one, about) {
  const line = made('div', { className: 'gx-li' });
  if (one.keep) {
    const form = model('offline-keep').firstElementChild;
    form.action = one.keep;
    Object.assign(form.dataset, { gxAbout: about, gxQueueText: one.what });
    form.querySelector('button').setAttribute('aria-label', fill(words.keep, { what: one.what }));
    line.append(form);
  }
  line.append(made('div', { className: 'gx-fill' }, made('div', { textContent: one.what }),
    made('div', { className: 'gx-s12 gx-t2', textContent: [`${one.ours ? words.ours : words.theirs} ${one.person}`.trim(), fill(words.due, { day: dayOf(one.due) }), one.owner].filter(Boolean).join(' · ') })));
  return line;
}

function touch(one) {
  return made('div', { className: 'gx-li' }, made('div', { className: 'gx-fill' },
    made('div', { className: 'gx-s12 gx-t2', textContent: [moment(one.at), one.label, one.who, one.whom.join('、'), one.note].filter(Boolean).join(' · ') }),
    made('div', { className: 'gx-pre', textContent: one.text })));
}

function person(one) {
  return made('div', { className: 'gx-li' }, made('div', { className: 'gx-fill' }, made('div', { className: 'gx-b', textContent: one.name }), made('div', { className: 'gx-s12 gx-t2', textContent: one.post })), ...calls(one.name, one.calls));
}

function card(one, kept) {
  place.replaceChildren(model('offline-card'));
  document.querySelector('[data-offline-title]').textContent = one.name;
  document.title = one.name;
  place.querySelector('[data-offline-address]').textContent = [one.grade, one.address].filter(Boolean).join(' · ');
  place.querySelector('[data-offline-calls]').append(...calls(one.name, one.calls));
  const about = `customers/${one.id}`;
  const form = place.querySelector('form');
  form.action = one.log;
  form.dataset.gxAbout = about;
  if (!kept.logs) form.remove();
  for (const [name, draw] of [['promises', each => promise(each, about)], ['people', person], ['touches', touch]]) {
    place.querySelector(`[data-offline-${name}]`).append(...one[name].map(draw));
    if (!one[name].length) place.querySelector(`[data-part=${name}]`).remove();
  }
}

function draw(kept) {
  const id = /^\/customers\/([0-9a-f-]{36})\//.exec(location.pathname)?.[1];
  const one = id && kept?.customers.find(each => each.id === id);
  const strange = !one && location.pathname !== '/offline/';
  said.textContent = [!kept ? words.none : strange ? words.page : '', navigator.onLine ? '' : words.away, kept ? fill(words.at, { at: moment(kept.at) }) : ''].filter(Boolean).join(' ');
  if (one) card(one, kept); else if (kept) list(kept); else place.replaceChildren();
}

document.querySelector('[data-offline-again]').href = location.href;
if (location.pathname === '/offline/') document.querySelector('[data-offline-back]').remove();

(async () => {
  const who = (await get('notes', 'who'))?.value ?? '';
  draw(await held(who));
  if (navigator.onLine && who && location.pathname === '/offline/') draw(await refresh(who));
})().catch(() => draw(null));
