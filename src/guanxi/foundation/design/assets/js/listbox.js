// The moving choice in a list of options under a text field (ARIA 1.2 combobox): focus stays in the field.
import { composing } from './core.js';

let serial = 0;

export class Listbox {
  constructor(input, list) {
    this.input = input;
    this.list = list;
    this.at = -1;
    list.addEventListener('pointerdown', event => event.preventDefault()); // the field keeps the focus
    list.addEventListener('click', event => {
      const option = event.target.closest('[role=option]');
      if (option && option.getAttribute('aria-disabled') !== 'true') this.choose(option, event);
    });
  }

  get options() { return [...this.list.querySelectorAll('[role=option]:not([aria-disabled=true])')]; }
  get active() { return this.options[this.at] ?? null; }

  /** Takes the options as they now are; the first one is active unless `none`. */
  renew(none = false) {
    this.list.querySelectorAll('[role=option]').forEach(option => { option.id ||= `gx-o-${++serial}`; });
    this.move(none || !this.options.length ? -1 : 0);
  }

  move(to) {
    const options = this.options;
    this.at = options.length && to >= -1 ? (to === -1 ? -1 : (to + options.length) % options.length) : -1;
    options.forEach((option, i) => {
      option.classList.toggle('gx-active', i === this.at);
      if (!option.dataset.value) option.setAttribute('aria-selected', String(i === this.at));
    });
    const active = this.active;
    if (active) { this.input.setAttribute('aria-activedescendant', active.id); active.scrollIntoView({ block: 'nearest' }); }
    else this.input.removeAttribute('aria-activedescendant');
  }

  /** Arrow keys, Home and End; says whether the key was ours. */
  key(event) {
    if (composing(event)) return false; // a Chinese input method is choosing characters
    const last = this.options.length - 1;
    if (event.key === 'ArrowDown') this.move(this.at + 1);
    else if (event.key === 'ArrowUp') this.move(this.at <= 0 ? last : this.at - 1);
    else return false;
    event.preventDefault();
    return true;
  }

  choose() {} // of its owner
}
