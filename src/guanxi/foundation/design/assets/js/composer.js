// The composer of a timeline: what a kind of touch asks for, whom it was with, what is proposed to come next.
//   <form data-gx-composer data-kind="call">   parts with data-for="call visit" are there for these kinds alone (CSS)
//   input[name=at] data-gx-now data-gx-due      a task is due later; an untouched time follows the kind
//   input[name=next_at] data-gx-usual data-gx-again    after a vain try somebody tries again soon
import { each } from './core.js';
import { weekday } from './dates.js';

const VAIN = ['not_answered', 'call_back', 'not_met'];

each('form[data-gx-composer]', form => {
  if (form.dataset.gxComposing) return;
  form.dataset.gxComposing = '1';
  const fields = form.elements;
  const area = form.querySelector('textarea');
  const named = form.querySelector('[data-gx-with]');
  const words = form.querySelector('[data-gx-next-words]');

  const kind = () => (fields.kind ? fields.kind.value : form.dataset.kind);
  const draw = () => {
    form.dataset.kind = kind();
    if (area.dataset[kind()]) area.placeholder = area.dataset[kind()];
    if (named) {
      const names = [...form.querySelectorAll('input[name=people]:checked')].map(one => one.dataset.name);
      named.textContent = names.length ? names.slice(0, 2).join('、') + (names.length > 2 ? ` +${names.length - 2}` : '') : named.dataset.none;
    }
  };
  // What was said of the form as it was sent is past as soon as something in it changes.
  const answered = () => {
    form.querySelector('[data-gx-past]')?.remove();
    for (const name of ['aria-invalid', 'aria-describedby']) area.removeAttribute(name);
  };
  const follow = (field, values, wanted) => { if (field && values.includes(field.value)) field.value = wanted; };

  for (const happens of ['input', 'change']) form.addEventListener(happens, answered);
  form.addEventListener('change', event => {
    const { name } = event.target;
    if (name === 'kind' && fields.at) {
      const { gxNow, gxDue } = fields.at.dataset;
      follow(fields.at, [gxNow, gxDue, ''], kind() === 'task' ? gxDue : gxNow);
    }
    if (name === 'kind' || name.startsWith('outcome')) {
      const outcome = (fields[`outcome_${kind()}`] || fields.outcome || {}).value;
      const { gxUsual, gxAgain } = fields.next_at.dataset;
      follow(fields.next_at, [gxUsual, gxAgain, ''], VAIN.includes(outcome) ? gxAgain : gxUsual);
    }
    if (name.startsWith('next_') && fields.next) fields.next.checked = true;
    if (words && (name.startsWith('outcome') || name === 'next_at')) words.textContent = weekday(fields.next_at.value);
    draw();
  });
  draw();
});
