// In the field: forms that say when they were sent off and, where the person lets them, from where; the order of a day.
// The position is asked for once, at the press, and nowhere else.
import { announce, csrf, on } from './core.js';

const WAIT = { enableHighAccuracy: true, timeout: 10000, maximumAge: 20000 };
const fill = (form, name, value) => { const field = form.elements[name]; if (field) field.value = value; };

function locate(form) {
  return new Promise(done => {
    if (!navigator.geolocation) { done(); return; }
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      fill(form, 'latitude', coords.latitude.toFixed(6));
      fill(form, 'longitude', coords.longitude.toFixed(6));
      fill(form, 'accuracy', Math.round(coords.accuracy));
      done();
    }, () => done(), WAIT); // refused or not to be found out: without it
  });
}

// Heard before everybody else, who are to get the form when it is whole.
document.addEventListener('submit', event => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.elements.done_at && !form.dataset.gxAt) fill(form, 'done_at', form.dataset.gxAt = new Date().toISOString());
  if (!form.matches('[data-gx-locate]') || form.dataset.gxLocated || form.dataset.gxPass) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.gxLocating) return;
  form.dataset.gxLocating = '1';
  form.setAttribute('aria-busy', 'true');
  const button = event.submitter;
  const words = button?.querySelector('span');
  const before = words?.textContent;
  if (words) words.textContent = form.dataset.gxLocate;
  announce(form.dataset.gxLocate);
  locate(form).then(() => {
    if (words) words.textContent = before;
    delete form.dataset.gxLocating;
    form.dataset.gxLocated = '1';
    form.requestSubmit(button ?? undefined);
    // Sent off, or kept by somebody who listens: the next press is another one.
    delete form.dataset.gxLocated;
    delete form.dataset.gxAt;
  });
}, true);

on('change', 'input[type=file][name=photo]', (event, input) => {
  const words = input.closest('label')?.querySelector('[data-gx-photo-name]');
  if (words && input.files.length) words.textContent = input.files[0].name;
});

// ---- the order of a day: what was moved is kept

on('gx:moved', '[data-gx-day] [data-gx-line]', (event, line) => {
  const list = line.closest('[data-gx-day]');
  const order = [...list.querySelectorAll('[data-gx-line]')].map(one => one.dataset.id).join(',');
  list.querySelectorAll('input[name=order]').forEach(input => { input.value = order; });
  const body = new URLSearchParams({ day: list.dataset.gxDay, order, csrfmiddlewaretoken: csrf() });
  fetch(list.dataset.gxTo, { method: 'POST', body, headers: { 'X-CSRFToken': csrf(), 'X-Requested-With': 'fetch' }, redirect: 'manual', keepalive: true }).catch(() => {});
});
