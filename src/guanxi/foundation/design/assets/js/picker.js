// A field that searches as you type. The value sits in a hidden input; leaving the field with text that was not
// chosen puts the last choice back, so that what is shown is always what will be saved.
import { announce, composing, csrf, each, say, settled } from './core.js';
import { Listbox } from './listbox.js';
import { create as createOver } from './over.js';

each('[data-gx-picker]', picker => {
  if (picker.dataset.gxReady) return;
  picker.dataset.gxReady = '1';
  const input = picker.querySelector('[role=combobox]');
  const list = picker.querySelector('[role=listbox]');
  const clear = picker.querySelector('[data-gx-clear]');
  const chips = picker.querySelector('.gx-chips');
  const hidden = picker.querySelector(':scope > input[type=hidden]');
  const { name, url, create } = picker.dataset;
  const multiple = 'multiple' in picker.dataset;
  const box = new Listbox(input, list);
  let shown = input.value;
  let asked = 0;
  let waiting = false; // for the answer to what was typed last
  let hurried = false; // Enter came before it

  const show = open => {
    list.hidden = !open;
    input.setAttribute('aria-expanded', String(open));
    if (!open) box.move(-1);
  };
  const changed = () => {
    clear.hidden = multiple || !hidden.value;
    picker.dispatchEvent(new Event('change', { bubbles: true }));
  };

  const addChip = (value, label) => {
    if ([...chips.querySelectorAll('input')].some(i => i.value === value)) return;
    const chip = document.createElement('li');
    chip.className = 'gx-chip';
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name, value });
    const text = Object.assign(document.createElement('span'), { textContent: label });
    const remove = clear.cloneNode(true);
    remove.className = 'gx-plain';
    remove.hidden = false;
    remove.removeAttribute('data-gx-clear');
    remove.setAttribute('data-gx-unpick', '');
    remove.setAttribute('aria-label', say('remove', { name: label }));
    chip.append(field, text, remove);
    chips.append(chip);
  };

  const take = (value, label) => {
    if (multiple) { addChip(value, label); input.value = ''; }
    else { hidden.value = value; input.value = shown = label; }
    asked++;
    waiting = hurried = false;
    show(false);
    changed();
    announce(label);
  };

  // What stands in the field as [value, label] pairs, for a draft to keep and to put back.
  picker.gxPicker = {
    get: () => multiple
      ? [...chips.querySelectorAll('.gx-chip')].map(chip => [chip.querySelector('input').value, chip.querySelector('span').textContent])
      : [[hidden.value, hidden.value ? shown : '']],
    set: pairs => {
      if (multiple) { chips.replaceChildren(); pairs.forEach(([value, label]) => addChip(value, label)); return; }
      [[hidden.value, shown]] = pairs.length ? pairs : [['', '']];
      input.value = shown;
      clear.hidden = !hidden.value;
    },
  };

  box.choose = async option => {
    if (option.dataset.create === undefined) { take(option.dataset.value, option.dataset.label); return; }
    show(false);
    const made = await createOver(create, option.dataset.create, picker);
    if (made) take(...made);
    input.focus();
  };

  const ask = async () => {
    const turn = ++asked;
    const place = new URL(url, location.href);
    const text = input.value.trim();
    if (create) place.searchParams.set('create', '1');
    place.searchParams.set('q', text === shown && !multiple ? '' : text);
    try {
      const answer = await fetch(place, { headers: { 'HX-Request': 'true' } });
      const options = await answer.text();
      if (turn !== asked || !answer.ok) return; // more was typed while this came
      list.innerHTML = options;
    } catch {
      if (turn !== asked) return;
      list.textContent = say('offline');
    }
    waiting = false;
    show(true);
    box.renew(!text);
    if (hurried && box.active) { hurried = false; box.choose(box.active); return; }
    hurried = false;
    announce(box.options.length ? say('results', { n: box.options.length }) : say('noMatch'));
  };
  const soon = settled(120, () => { if (waiting) ask(); });

  input.addEventListener('input', () => { waiting = true; hurried = false; asked++; box.move(-1); soon(); });
  input.addEventListener('click', () => { if (list.hidden) ask(); });
  input.addEventListener('keydown', event => {
    if (composing(event)) return;
    if (list.hidden && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) { event.preventDefault(); ask(); return; }
    if (!list.hidden && box.key(event)) return;
    if (event.key === 'Enter' && waiting) { event.preventDefault(); hurried = true; }
    else if (event.key === 'Enter' && !list.hidden && box.active) { event.preventDefault(); box.choose(box.active); }
    else if (event.key === 'Escape' && !list.hidden) { event.preventDefault(); event.stopPropagation(); show(false); }
    else if (event.key === 'Backspace' && multiple && !input.value) { chips.lastElementChild?.remove(); changed(); }
  });
  input.addEventListener('blur', () => {
    asked++;
    waiting = hurried = false;
    show(false);
    if (multiple) { input.value = ''; return; }
    if (!input.value.trim() && hidden.value) { hidden.value = shown = ''; changed(); }
    else input.value = shown;
  });
  picker.addEventListener('click', event => {
    if (event.target.closest('[data-gx-clear]')) {
      hidden.value = input.value = shown = '';
      changed();
      announce(say('cleared'));
      input.focus();
    } else if (event.target.closest('[data-gx-unpick]')) {
      event.target.closest('.gx-chip').remove();
      changed();
      input.focus();
    }
  });
});
