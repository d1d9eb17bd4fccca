// Light, dark, or as the system has it: at once, and remembered by the server (or a cookie before sign-in).
import { csrf, on, setCookie } from './core.js';

const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');

function show(choice) {
  root.dataset.gxTheme = choice;
  root.dataset.bsTheme = choice === 'dark' || (choice === 'auto' && system.matches) ? 'dark' : 'light';
}

system.addEventListener('change', () => { if (root.dataset.gxTheme === 'auto') show('auto'); });

// Paper is white, and nothing on it can be pressed: what is folded is open, and what only says what could stand there is
// left out.
let opened = [];
addEventListener('beforeprint', () => {
  root.dataset.bsTheme = 'light';
  opened = [...document.querySelectorAll('details.gx-fold:not([open])')];
  opened.forEach(fold => { fold.open = true; });
  const blank = (element, is) => { element.classList.toggle('gx-blank', Boolean(is)); return is; };
  for (const facts of document.querySelectorAll('dl.gx-facts')) {
    const rows = [...facts.querySelectorAll(':scope > dd')];
    const none = rows.filter(row => {
      const empty = row.querySelector('.gx-add') || !row.textContent.trim();
      if (row.previousElementSibling) blank(row.previousElementSibling, empty);
      return blank(row, empty);
    });
    const all = rows.length > 0 && none.length === rows.length;
    blank(facts.closest('section, details') ?? facts, all);
  }
  for (const section of document.querySelectorAll('section')) if (section.querySelector(':scope > .gx-none')) blank(section, true);
});
addEventListener('afterprint', () => {
  show(root.dataset.gxTheme);
  opened.forEach(fold => { fold.open = false; });
});

on('submit', '[data-gx-theme-form]', (event, form) => {
  const choice = event.submitter?.value;
  if (!choice) return;
  event.preventDefault();
  show(choice);
  setCookie('gx_theme', choice);
  form.querySelectorAll('[name=theme]').forEach(b => b.setAttribute('aria-pressed', String(b.value === choice)));
  const body = new URLSearchParams({ theme: choice, csrfmiddlewaretoken: csrf() });
  fetch(form.action, { method: 'POST', body, headers: { 'X-CSRFToken': csrf() }, redirect: 'manual', keepalive: true }).catch(() => {});
});
