// Figures in forms: grouped by thousands to be read, plain while they are typed and as they are sent.
import { each, on } from './core.js';

const FIELD = 'input[data-gx-figure]';
const PLAIN = /^(-?)(\d{4,})(\.\d+)?$/;
const GROUPED = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;

/** 1234567.5 as 1,234,567.5; what is no plain figure (1.2万) as it is. */
export const grouped = text => text.trim().replace(PLAIN, (all, sign, whole, rest = '') => sign + whole.replace(/\B(?=(\d{3})+$)/g, ',') + rest);
/** The same without its separators. */
export const bare = text => (GROUPED.test(text.trim()) ? text.trim().replaceAll(',', '') : text);

each(FIELD, field => { if (field !== document.activeElement) field.value = grouped(field.value); });
on('focusin', FIELD, (event, field) => {
  const text = bare(field.value);
  if (text === field.value) return;
  field.value = text;
  field.select();
});
on('focusout', FIELD, (event, field) => { field.value = grouped(field.value); });
document.addEventListener('submit', event => {
  for (const field of event.target.elements) if (field.matches(FIELD)) field.value = bare(field.value);
}, true);
