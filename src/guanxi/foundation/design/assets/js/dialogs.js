// Native dialogs: opened by data-gx-dialog, closed by data-gx-close or a press beside them. htmx's question
// before a request (hx-confirm) and a bulk action's (data-gx-ask) are put in our own dialog.
import { on } from './core.js';
import { closeAll } from './menus.js';

export function open(dialog) {
  if (!dialog || dialog.open) return;
  closeAll();
  dialog.dispatchEvent(new Event('gx:open'));
  dialog.showModal();
}

on('click', '[data-gx-dialog]', (event, button) => {
  event.preventDefault();
  open(document.getElementById(button.dataset.gxDialog));
});
on('click', 'dialog [data-gx-close]', (event, button) => button.closest('dialog').close());
document.addEventListener('click', event => {
  if (!(event.target instanceof HTMLDialogElement)) return;
  const box = event.target.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside && event.detail) event.target.close();
});

/** Asks `question`; resolves to whether the answer was yes. */
export function ask(question) {
  const dialog = document.getElementById('gx-ask');
  if (!dialog) return Promise.resolve(window.confirm(question));
  document.getElementById('gx-ask-title').textContent = question;
  return new Promise(resolve => {
    let answer = false;
    const press = event => {
      const button = event.target.closest('button[value]');
      if (button) { answer = button.value === 'yes'; dialog.close(); }
    };
    dialog.addEventListener('click', press);
    dialog.addEventListener('close', () => { dialog.removeEventListener('click', press); resolve(answer); }, { once: true });
    open(dialog);
  });
}

document.addEventListener('htmx:confirm', event => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question).then(yes => { if (yes) event.detail.issueRequest(true); });
});

on('click', 'button[data-gx-ask]', (event, button) => {
  if (button.dataset.gxYes) { delete button.dataset.gxYes; return; }
  event.preventDefault();
  ask(button.dataset.gxAsk).then(yes => { if (yes) { button.dataset.gxYes = '1'; button.click(); } });
});
