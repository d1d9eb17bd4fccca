// When the server does not answer as hoped: ended session, busy, no network, no right. What was typed stays.
import { on, renewCsrf, say } from './core.js';
import { open } from './dialogs.js';
import { verdict } from './phone/sending.js';
import { toast } from './toasts.js';

const TRIES = 5;
const tries = new WeakMap();

/** Whether the queue of the phone sends it again, and says so; a session that ended is told all the same. */
const waits = xhr => xhr.gxQueued && !['signin', 'refused'].includes(verdict(xhr.status, name => xhr.getResponseHeader(name)));

function wait(xhr) {
  const seconds = Number.parseInt(xhr.getResponseHeader('Retry-After') ?? '', 10);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), 60) : 5;
}

function again(event) {
  const { elt, xhr, requestConfig } = event.detail;
  const turn = (tries.get(elt) ?? 0) + 1;
  tries.set(elt, turn);
  const seconds = wait(xhr);
  if (turn > TRIES || !elt.isConnected) { toast({ text: say('serverError'), bad: true, seconds: 0 }); return; }
  toast({ text: say('busy', { n: seconds }), bad: true, seconds });
  setTimeout(() => {
    if (!elt.isConnected) return;
    window.htmx.ajax(requestConfig.verb.toUpperCase(), requestConfig.path, {
      source: elt, target: event.detail.target, values: requestConfig.parameters instanceof FormData ? Object.fromEntries(requestConfig.parameters) : requestConfig.parameters,
    });
  }, seconds * 1000);
}

document.addEventListener('htmx:responseError', event => {
  const { xhr } = event.detail;
  if (waits(xhr)) return;
  if (xhr.status === 401) { open(document.getElementById('gx-signin')); return; }
  if (xhr.status === 503) { again(event); return; }
  if (xhr.status === 429) { toast({ text: say('tooMany', { n: wait(xhr) }), bad: true, seconds: wait(xhr) }); return; }
  const id = xhr.getResponseHeader('X-Request-Id');
  const text = { 403: say('denied'), 404: say('gone'), 410: say('gone') }[xhr.status]
    ?? (id ? say('serverErrorId', { id }) : say('serverError'));
  toast({ text, bad: true, seconds: 0 });
});
document.addEventListener('htmx:afterRequest', event => { if (event.detail.successful) tries.delete(event.detail.elt); });
// A form that is kept on the phone says so itself, and what is asked while one types in it can wait (phone/queue.js).
for (const happens of ['htmx:sendError', 'htmx:timeout']) document.addEventListener(happens, event => {
  if (!event.detail.elt.closest?.('form[data-gx-queue]')) toast({ text: say('offline'), bad: true, seconds: 0 });
});
document.addEventListener('gx:signin', () => open(document.getElementById('gx-signin')));

// Signing in happens in a window of its own. Back here, we read this page again for its new token; where it
// sends us to the sign-in page instead, the session is still not there.
let away = false;
on('click', '[data-gx-signin-link]', () => { away = true; });

async function back() {
  const dialog = document.getElementById('gx-signin');
  if (!away || !dialog?.open) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const who = page.querySelector('[data-gx-who]')?.dataset.gxWho;
    if (!who) return;
    if (who !== document.querySelector('[data-gx-who]')?.dataset.gxWho) { location.reload(); return; }
    renewCsrf(JSON.parse(page.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'] ?? '');
    away = false;
    dialog.close();
    toast({ text: say('signedIn') });
  } catch { /* no network yet; the next return tries again */ }
}
addEventListener('focus', back);
document.addEventListener('visibilitychange', () => { if (!document.hidden) back(); });
