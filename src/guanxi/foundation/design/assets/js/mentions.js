// Naming people in a text: behind an @ a list of those who are meant opens; choosing one writes the name.
//   <textarea data-gx-mentions="URL">   GET URL?q= answers with options; one that is masked cannot see what this is about
// The form gets a hidden field `mention` with the id, for where two people bear one name. Texts only: no markup.
import { announce, composing, each, say, settled } from './core.js';
import { Listbox } from './listbox.js';

const WORD = /(^|[^A-Za-z0-9._%+-])[@\uff20]([^\s@\uff20,，。；;：:!！?？()（）]{0,20})$/u;
let serial = 0;

each('textarea[data-gx-mentions]', area => {
  if (area.dataset.gxReady) return;
  area.dataset.gxReady = '1';
  const list = Object.assign(document.createElement('div'), { id: `gx-mentions-${++serial}`, className: 'gx-options gx-float gx-mentions', hidden: true });
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', say('mention'));
  area.after(list);
  area.setAttribute('aria-controls', list.id);
  area.setAttribute('aria-autocomplete', 'list');
  const box = new Listbox(area, list);
  let asked = 0;
  let waiting = false; // for the answer to what was typed last
  let hurried = false; // Enter came before it

  const show = open => {
    list.hidden = !open;
    if (!open) { asked++; waiting = hurried = false; box.move(-1); }
  };
  const begun = () => (area.selectionStart === area.selectionEnd ? WORD.exec(area.value.slice(0, area.selectionStart)) : null);

  box.choose = option => {
    const word = begun();
    if (!word) { show(false); return; }
    const name = option.dataset.label;
    const start = area.selectionStart - word[2].length;
    area.setRangeText(`${name} `, start, area.selectionStart, 'end');
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name: 'mention', value: option.dataset.value });
    if (![...area.form.querySelectorAll('input[name=mention]')].some(one => one.value === field.value)) area.after(field);
    show(false);
    area.dispatchEvent(new Event('input', { bubbles: true }));
    announce(name);
    area.focus();
  };

  const ask = async () => {
    const word = begun();
    if (!word) { show(false); return; }
    const turn = ++asked;
    const place = new URL(area.dataset.gxMentions, location.href);
    place.searchParams.set('q', word[2]);
    try {
      const answer = await fetch(place, { headers: { 'HX-Request': 'true' } });
      const options = await answer.text();
      if (turn !== asked) return; // more was typed while this came
      if (!answer.ok) { show(false); return; }
      list.innerHTML = options;
    } catch { if (turn === asked) show(false); return; }
    const chosen = hurried;
    waiting = hurried = false;
    const found = box.options.length > 0;
    show(found);
    if (!found) {
      if (chosen) { area.setRangeText('\n', area.selectionStart, area.selectionEnd, 'end'); area.dispatchEvent(new Event('input', { bubbles: true })); }
      return;
    }
    box.renew();
    if (chosen && box.active) { box.choose(box.active); return; }
    announce(say('results', { n: box.options.length }));
  };
  const soon = settled(80, ask);

  const typed = () => {
    waiting = begun() !== null;
    hurried = false;
    asked++;
    if (waiting) box.move(-1);
    soon();
  };
  area.addEventListener('input', event => { if (!composing(event)) typed(); });
  area.addEventListener('compositionend', typed);
  area.addEventListener('keydown', event => {
    if (composing(event)) return;
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') { event.preventDefault(); area.form.requestSubmit(); return; }
    if (waiting && (event.key === 'Enter' || (event.key === 'Tab' && !list.hidden))) { event.preventDefault(); hurried = true; return; }
    if (list.hidden) return;
    if (box.key(event)) return;
    if ((event.key === 'Enter' || event.key === 'Tab') && box.active) { event.preventDefault(); box.choose(box.active); }
    else if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); show(false); }
  });
  area.addEventListener('blur', () => show(false));
});

// A text field that grows with what is in it, as long as the page has room.
const grow = area => {
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight, innerHeight / 2)}px`;
};
each('.gx-comp textarea', area => {
  area.addEventListener('input', () => grow(area));
  area.form?.addEventListener('gx:restored', () => grow(area));
  if (area.value) grow(area);
});
