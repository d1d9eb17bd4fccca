// The small line at the foot, "2 waiting to be sent", and the sheet that lists each: what, when, why it was not taken.
import { say } from '../core.js';
import { ask, open } from '../dialogs.js';

const made = (tag, properties = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
};
const button = (text, classes, press) => {
  const found = made('button', { type: 'button', className: classes, textContent: text });
  found.addEventListener('click', press);
  return found;
};
const moment = at => new Intl.DateTimeFormat(document.documentElement.lang || undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));

let sheet = null;

function line(count, bad, state) {
  let found = document.getElementById('gx-waiting');
  document.body.classList.toggle('gx-waits', count > 0);
  if (!count) { found?.remove(); return; }
  if (!found) {
    found = button('', 'gx-waiting gx-float', () => open(sheet));
    found.id = 'gx-waiting';
    document.body.append(found);
  }
  found.textContent = say(state === 'signin' ? 'queueSignin' : 'queueWaiting', { n: count }) + (bad ? ` · ${say('queueStopped', { n: bad })}` : '');
  found.classList.toggle('gx-bad', Boolean(bad));
}

/** Why the server did not take it, in its own words where it said any. */
function reason(entry) {
  if (!entry.status) return say('queueOld');
  const text = entry.answer ?? '';
  if (text && !/^\s*</.test(text)) return text;
  const said = [...new DOMParser().parseFromString(text, 'text/html').querySelectorAll('.gx-comp-errors, .gx-form-errors, .gx-err, [role=alert]')];
  for (const one of said) one.querySelectorAll('button').forEach(press => press.remove());
  const words = said.map(one => one.textContent.replace(/\s+/g, ' ').trim()).find(Boolean);
  return words || { 403: say('denied'), 404: say('gone'), 410: say('gone') }[entry.status] || say('notAcceptable');
}

/** Where somebody sees what it is about. */
const place = entry => (/^[\w-]+\/[0-9a-f-]{36}$/.test(entry.about) ? `/${entry.about}/` : entry.page);

function editor(entry, change) {
  const form = made('form', { className: 'gx-queue-editor' });
  const inputs = [];
  for (const control of entry.controls.filter(one => entry.fields.some(([name]) => name === one.name))) {
    const value = entry.fields.find(([name]) => name === control.name)[1];
    const input = made(control.type === 'textarea' ? 'textarea' : control.type === 'select-one' ? 'select' : 'input', { className: 'form-control' });
    if (input.tagName === 'INPUT') input.type = control.type;
    for (const [option, label] of control.options ?? []) input.append(made('option', { value: option, textContent: label }));
    input.value = value;
    inputs.push([control.name, input]);
    form.append(made('label', { className: 'gx-f' }, made('span', { className: 'gx-t2', textContent: control.label }), input));
  }
  form.append(made('button', { type: 'submit', className: 'btn btn-sm btn-primary', textContent: say('queueAgain') }));
  form.addEventListener('submit', event => {
    event.preventDefault();
    event.stopPropagation();
    change(entry, entry.fields.map(([name, value]) => [name, inputs.find(([other]) => other === name)?.[1].value ?? value]));
  });
  return form;
}

function row(entry, state, acts) {
  const stopped = entry.state === 'stopped';
  const words = stopped ? reason(entry) : say({ signin: 'queueForSignin', flying: 'queueFlying' }[entry.state === 'flying' ? 'flying' : state] ?? 'queueForNetwork');
  const found = made('li', { className: 'gx-li' }, made('div', { className: 'gx-fill' },
    made('div', {}, made('b', { className: 'gx-b', textContent: entry.label }), ` ${entry.text}`),
    made('div', { className: `gx-s12 ${stopped ? 'gx-bad' : 'gx-t2'}`, textContent: `${moment(entry.at)} · ${words}` })));
  if (stopped) found.append(made('a', { className: 'btn btn-sm', href: place(entry), textContent: say('queueShow') }));
  if (stopped && entry.warning) {
    const others = entry.fields.filter(([name]) => name !== 'accept_warnings');
    found.append(button(entry.warning.label, 'btn btn-sm', () => acts.change(entry, [...others, ['accept_warnings', entry.warning.codes]])));
  }
  if (stopped && entry.controls.length) {
    const edit = button(say('queueEdit'), 'btn btn-sm', () => { found.append(editor(entry, acts.change)); edit.remove(); });
    found.append(edit);
  }
  if (entry.state !== 'flying') found.append(button(say('draftDrop'), 'btn btn-sm gx-btn-q', async () => { if (await ask(say('queueDiscard'))) acts.discard(entry); }));
  return found;
}

/** Draws both anew; a sheet in which somebody corrects an entry stays as it is. */
export function draw(entries, state, acts) {
  line(entries.length, entries.filter(entry => entry.state === 'stopped').length, state);
  if (!sheet) {
    if (!entries.length) return;
    sheet = made('dialog', { className: 'gx-dialog gx-float gx-queue', id: 'gx-queue' });
    document.body.append(sheet);
  }
  if (!entries.length) { sheet.close(); sheet.remove(); sheet = null; return; }
  if (sheet.contains(document.activeElement) && document.activeElement.closest('.gx-queue-editor')) return;
  sheet.setAttribute('aria-label', say('queueWaiting', { n: entries.length }));
  sheet.replaceChildren(
    made('h2', { textContent: say('queueWaiting', { n: entries.length }) }),
    made('ol', { className: 'gx-queue-list' }, ...entries.map(entry => row(entry, state, acts))),
    made('div', { className: 'gx-dialog-foot' }, button(say('close'), 'btn gx-btn-q', () => sheet.close()), button(say('queueNow'), 'btn btn-primary', () => acts.again())),
  );
}
