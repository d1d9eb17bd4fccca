// The bar at the foot of a card. Android asks which of its maps is to open an address, iOS has one; elsewhere, and
// within the apps that open web pages themselves, the address in the link does. And the way to where one writes.
import { each, on } from './core.js';

const agent = navigator.userAgent;
const within = /MicroMessenger|wxwork|DingTalk|Lark/i.test(agent);
const scheme = within ? '' : /Android/.test(agent) ? 'geo:0,0?q=' : /iPhone|iPad/.test(agent) ? 'https://maps.apple.com/?q=' : '';

if (scheme) each('[data-gx-place]', link => {
  link.href = scheme + encodeURIComponent(link.dataset.gxPlace);
  if (scheme.startsWith('geo:')) link.removeAttribute('target'); // no page opens
});

on('click', '[data-gx-write]', (event, link) => {
  const field = document.querySelector(link.hash);
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: 'center' });
  field.focus({ preventScroll: true });
});
