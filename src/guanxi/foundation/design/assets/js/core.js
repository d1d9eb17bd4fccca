// What every module leans on: sentences, events by delegation, announcing, cookies, the CSRF token.

const block = document.getElementById('gx-texts');
const texts = block ? JSON.parse(block.textContent) : {};

/** The sentence `key` in the page's language, with `{name}` filled from `values`. */
export function say(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** A whole number with thousands separators. */
export const count = n => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** Calls `then(event, element)` where `event` happens inside an element that matches, now or later. */
export function on(event, selector, then, options) {
  document.addEventListener(event, e => {
    const element = e.target instanceof Element ? e.target.closest(selector) : null;
    if (element) then(e, element);
  }, options);
}

/** Runs `enhance` on every match, now and in whatever htmx brings. */
export function each(selector, enhance) {
  const run = root => {
    if (root instanceof Element && root.matches(selector)) enhance(root);
    root.querySelectorAll?.(selector).forEach(enhance);
  };
  run(document);
  document.addEventListener('htmx:load', e => run(e.detail.elt));
}

/** Reads `text` out to a screen reader without showing it. */
export function announce(text) {
  const place = document.getElementById('gx-say');
  if (!place) return;
  place.textContent = '';
  setTimeout(() => { place.textContent = text; }, 50);
}

export function setCookie(name, value) {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax${secure}`;
}

export function csrf() {
  try { return JSON.parse(document.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'] || ''; } catch { return ''; }
}

/** After signing in again the old token is void: put the new one everywhere. */
export function renewCsrf(token) {
  document.body.setAttribute('hx-headers', JSON.stringify({ 'X-CSRFToken': token }));
  document.querySelectorAll('input[name=csrfmiddlewaretoken]').forEach(input => { input.value = token; });
}

/** Whether keys pressed here are text, not commands. */
export function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName)
    || (target.tagName === 'INPUT' && !/^(checkbox|radio|button|submit|file|range)$/.test(target.type)));
}

/** Whether the key belongs to an input method that is choosing characters. */
export const composing = event => event.isComposing || event.keyCode === 229;

/** `then` once the calls have paused for `ms`. */
export function settled(ms, then) {
  let timer;
  return (...args) => { clearTimeout(timer); timer = setTimeout(() => then(...args), ms); };
}
