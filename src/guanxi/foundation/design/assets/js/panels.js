// Panels of a card ask for themselves a little before they come into sight; on a phone the tabs follow what is read.
import { each } from './core.js';

const near = new IntersectionObserver(seen => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    window.htmx.trigger(target, 'gx:near');
  }
}, { rootMargin: '400px' });
// After htmx has taken hold of it: what it has not seen yet cannot be asked for.
each('[data-gx-near]', panel => setTimeout(() => near.observe(panel)));

const parts = new Map([...document.querySelectorAll('.gx-part')].map(tab => [document.querySelector(tab.hash), tab]));
const read = new IntersectionObserver(seen => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    parts.forEach((tab, part) => { if (part === target) tab.setAttribute('aria-current', 'true'); else tab.removeAttribute('aria-current'); });
  }
}, { rootMargin: '-30% 0px -69% 0px' });
parts.forEach((tab, part) => { if (part) read.observe(part); });
