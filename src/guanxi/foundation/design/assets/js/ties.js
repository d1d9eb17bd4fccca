// The graph of relationships: a file of its own (ties.js), loaded on its page only. The list beside it says the same
// and is what keys and screen readers use; the graph follows it. Nobody moves once placed: a place is the first free
// one around whoever brought them, the same every time.
import cytoscape from 'cytoscape';

const MOST = 200; // nodes at once
const ALONG = 150, ACROSS = 96; // pixels between two places, sideways and up and down
const BOWS = [70, -70, 120, -120, 180, -180, 260, -260]; // pixels that a line is drawn aside
const token = name => getComputedStyle(document.documentElement).getPropertyValue(`--gx-${name}`).trim();

function start(root) {
  const canvas = root.querySelector('[data-gx-ties-canvas]');
  const said = root.querySelector('[data-gx-ties-said]');
  const words = document.querySelector('[data-gx-ties-words]').dataset;
  const places = new Map(); // id -> {x, y}
  const opened = new Map(); // id -> the ids it brought
  const known = new Map(); // id -> its data
  const graph = cytoscape({
    container: canvas, style: styles(), layout: { name: 'preset' }, minZoom: .2, maxZoom: 2.5, autoungrabify: true,
    boxSelectionEnabled: false, userZoomingEnabled: matchMedia('(pointer: fine)').matches,
  });

  function free(x, y) {
    for (const one of places.values()) if (Math.abs(one.x - x) < ALONG * .9 && Math.abs(one.y - y) < ACROSS * .9) return false;
    return true;
  }

  // Places around a point, ring by ring, those that lead away from the centre first.
  function place(around, number) {
    const outward = around.x || around.y ? Math.atan2(around.y / ACROSS, around.x / ALONG) : -Math.PI / 2;
    const found = [];
    for (let ring = 1; found.length < number && ring < 40; ring++) {
      const slots = Math.max(6, Math.round(2 * Math.PI * ring * 1.05));
      // Every other ring is turned by half a place, so that nobody stands right behind another one.
      const aside = ring % 2 ? 0 : Math.PI / slots;
      const turns = [...Array(slots).keys()].map(n => aside + (n % 2 ? 1 : -1) * Math.ceil(n / 2) * 2 * Math.PI / slots);
      for (const turn of turns) {
        const x = Math.round(around.x + Math.cos(outward + turn) * ring * ALONG);
        const y = Math.round(around.y + Math.sin(outward + turn) * ring * ACROSS * 1.15);
        if (found.length < number && free(x, y) && !found.some(one => Math.abs(one.x - x) < ALONG * .9 && Math.abs(one.y - y) < ACROSS * .9)) found.push({ x, y });
      }
    }
    return found;
  }

  function add(data, from) {
    const fresh = data.nodes.filter(one => !places.has(one.id));
    const room = Math.max(0, MOST - places.size);
    const shown = fresh.slice(0, room);
    place(from, shown.length).forEach((at, number) => node(shown[number], at));
    for (const one of data.edges) edge(one);
    graph.edges().forEach(bend);
    tell(fresh.length > shown.length ? words.full : '');
    return shown.map(one => one.id);
  }

  function node(one, at) {
    places.set(one.id, at);
    known.set(one.id, one);
    graph.add({ group: 'nodes', data: { id: one.id, name: one.name, of: one.of }, position: at });
  }

  function edge(one) {
    const id = `${one.first} ${one.second} ${one.kind}`;
    if (!places.has(one.first) || !places.has(one.second) || graph.getElementById(id).length) return;
    const past = one.kind === 'worked', odds = one.kind === 'rival' || one.kind === 'competes';
    const width = one.strength === null ? 1 : 1 + one.strength / 28;
    graph.add({
      group: 'edges', data: { id, source: one.first, target: one.second, words: one.words, width },
      classes: [past && 'past', odds && 'odds', !one.mutual && one.kind !== 'works' && !past && 'led'].filter(Boolean).join(' '),
    });
  }

  // A line that would run behind somebody, or behind a name, goes around in a bow: the first that is free.
  function bend(line) {
    const from = line.source().position(), to = line.target().position();
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const across = { x: (from.y - to.y) / length, y: (to.x - from.x) / length }; // as Cytoscape counts a distance
    const others = [...places].filter(([id]) => id !== line.source().id() && id !== line.target().id());
    const hits = by => others.filter(([id, at]) => {
      const half = Math.min(66, 7 * known.get(id).name.length);
      for (let part = 1; part < 20; part++) {
        const t = part / 20, bow = 2 * t * (1 - t) * by;
        const x = from.x + (to.x - from.x) * t + across.x * bow - at.x, y = from.y + (to.y - from.y) * t + across.y * bow - at.y;
        if (Math.hypot(x, y) < 22 || (Math.abs(x) < half && y > 0 && y < 36)) return true;
      }
      return false;
    }).length;
    let best = 0, least = hits(0);
    for (const by of least ? BOWS : []) {
      const found = hits(by);
      if (found < least) [best, least] = [by, found];
      if (!least) break;
    }
    line.data('bow', best).toggleClass('bent', best !== 0);
  }

  function tell(text) {
    said.textContent = text;
    said.hidden = !text;
  }

  async function fetched(url) {
    const answer = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  // ---- going on from one of them: in the graph and, said alike, under its line of the list

  async function unfold(id) {
    const one = known.get(id);
    if (!one?.around || opened.has(id)) return;
    opened.set(id, []);
    try {
      const data = await fetched(one.around);
      opened.set(id, add(data, places.get(id)));
      lines(id, data);
      graph.animate({ center: { eles: graph.getElementById(id) } }, { duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 160 });
    } catch {
      opened.delete(id);
      tell(words.failed);
    }
  }

  function lines(id, data) {
    const line = root.querySelector(`li[data-gx-tie="${CSS.escape(id)}"]`);
    if (!line) return;
    const list = document.createElement('ul');
    const names = new Map(data.nodes.map(one => [one.id, one]));
    for (const one of data.edges) {
      const other = one.first === id ? one.second : one.second === id ? one.first : null;
      if (other && names.has(other)) list.append(entry(names.get(other), [one.called, one.words, one.word].filter((text, n, all) => text && all.indexOf(text) === n).join(' · ')));
    }
    if (data.more || !list.children.length) list.append(Object.assign(document.createElement('li'), { className: 'gx-s12 gx-t2', textContent: data.more || words.none }));
    line.append(list);
    buttons(list);
    line.querySelector('[data-gx-tie-more]')?.setAttribute('aria-expanded', 'true');
  }

  function entry(one, beside) {
    const item = document.createElement('li');
    const row = Object.assign(document.createElement('div'), { className: 'gx-r' });
    const text = Object.assign(document.createElement('div'), { className: 'gx-fill' });
    const name = Object.assign(document.createElement('div'), { className: 'gx-cut' });
    const who = document.createElement(one.url ? 'a' : 'span');
    who.textContent = one.name;
    if (one.url) { who.href = one.url; who.dataset.gxTieOpen = ''; }
    name.append(who);
    text.append(name, Object.assign(document.createElement('div'), { className: 'gx-s12 gx-t2 gx-cut', textContent: beside }));
    row.append(text);
    item.dataset.gxTie = one.id;
    item.append(row);
    return item;
  }

  // A button behind each name that leads on.
  function buttons(within) {
    for (const line of within.querySelectorAll('li[data-gx-tie]')) {
      const one = known.get(line.dataset.gxTie);
      if (!one?.around || line.querySelector('[data-gx-tie-more]')) continue;
      const button = Object.assign(document.createElement('button'), { type: 'button', className: 'btn btn-sm gx-btn-q gx-btn-i gx-tie-more' });
      button.dataset.gxTieMore = one.id;
      button.setAttribute('aria-expanded', 'false');
      button.setAttribute('aria-label', words.expand.replace('{name}', one.name));
      line.querySelector('.gx-r').append(button);
    }
  }

  // ---- what is pressed

  function show(id) {
    const one = known.get(id);
    if (!one?.preview) return;
    mark(id);
    const pane = document.getElementById('gx-preview');
    if (!matchMedia('(min-width: 1181px)').matches || !pane) { location.assign(one.url); return; }
    pane.closest('.gx-split').classList.add('gx-with-preview');
    document.documentElement.classList.add('gx-has-preview');
    window.htmx.ajax('GET', one.preview, { target: pane, swap: 'innerHTML' });
  }

  function mark(id) {
    graph.elements().removeClass('chosen');
    graph.getElementById(id).addClass('chosen');
    graph.getElementById(id).connectedEdges().addClass('chosen');
    root.querySelectorAll('li[data-gx-tie]').forEach(line => line.classList.toggle('gx-chosen', line.dataset.gxTie === id));
  }

  root.addEventListener('click', event => {
    const more = event.target.closest('[data-gx-tie-more]');
    if (more) {
      const line = more.closest('li'), list = line.querySelector(':scope > ul');
      if (list) { list.hidden = !list.hidden; more.setAttribute('aria-expanded', String(!list.hidden)); } else unfold(more.dataset.gxTieMore);
      return;
    }
    const link = event.target.closest('a[data-gx-tie-open]');
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.button && matchMedia('(min-width: 1181px)').matches) {
      event.preventDefault();
      show(link.closest('li').dataset.gxTie);
    }
    const zoom = event.target.closest('[data-gx-ties-zoom]');
    if (zoom?.dataset.gxTiesZoom === 'all') fit();
    else if (zoom) graph.zoom({ level: graph.zoom() * (zoom.dataset.gxTiesZoom === 'in' ? 1.25 : .8), renderedPosition: { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 } });
  });
  root.addEventListener('focusin', event => {
    const line = event.target.closest('li[data-gx-tie]');
    if (line) mark(line.dataset.gxTie);
  });
  let pressed = 0;
  graph.on('tap', 'node', event => {
    const id = event.target.id();
    mark(id);
    clearTimeout(pressed);
    pressed = setTimeout(() => show(id), 260);
  });
  graph.on('dbltap', 'node', event => { clearTimeout(pressed); unfold(event.target.id()); });
  graph.on('mouseover', 'node', () => canvas.classList.add('gx-over-node'));
  graph.on('mouseout', 'node', () => canvas.classList.remove('gx-over-node'));

  function fit() {
    graph.resize();
    graph.fit(undefined, 24);
    if (graph.zoom() > 1) { graph.zoom(1); graph.center(); }
  }

  new MutationObserver(() => graph.style(styles())).observe(document.documentElement, { attributes: true, attributeFilter: ['data-bs-theme'] });
  new ResizeObserver(() => graph.resize()).observe(canvas);

  fetched(root.dataset.gxTies).then(data => {
    node(data.centre, { x: 0, y: 0 });
    graph.getElementById(data.centre.id).addClass('centre');
    opened.set(data.centre.id, add(data, { x: 0, y: 0 }));
    buttons(root);
    fit();
    root.dataset.gxTiesDrawn = '';
  }).catch(() => tell(words.failed));
}

function styles() {
  const ink = token('ink'), quiet = token('ink-3'), line = token('line-ctl'), ground = token('bg');
  return [
    { selector: 'node', style: {
      label: 'data(name)', color: ink, 'font-size': 12, 'font-family': token('font'), 'text-valign': 'bottom', 'text-margin-y': 5,
      'text-wrap': 'wrap', 'text-max-width': 132, 'text-overflow-wrap': 'anywhere', 'text-background-color': ground, 'text-background-opacity': .85,
      'text-background-padding': 1, width: 20, height: 20, 'background-color': ground, 'border-width': 1.5, 'border-color': line, 'overlay-opacity': 0,
    } },
    { selector: 'node[of = "customers"]', style: { shape: 'round-rectangle', width: 22, height: 18, 'background-color': token('press'), 'border-color': quiet } },
    { selector: 'node[of = "members"]', style: { shape: 'diamond', width: 22, height: 22, 'background-color': token('accent-fill'), 'border-color': token('accent') } },
    { selector: 'node.centre', style: { 'font-weight': 600, width: 30, height: 28, 'border-width': 3, 'border-color': ink } },
    { selector: 'node.chosen', style: { 'border-color': token('accent'), 'border-width': 3, 'font-weight': 600 } },
    { selector: 'edge', style: {
      label: 'data(words)', color: quiet, 'font-size': 11, 'font-family': token('font'), 'text-background-color': ground, 'text-background-opacity': 1,
      'text-background-padding': 1, width: 'data(width)', 'line-color': line, 'line-opacity': .6, 'curve-style': 'bezier', 'control-point-step-size': 36,
      'target-arrow-color': quiet, 'arrow-scale': .7, 'overlay-opacity': 0, 'min-zoomed-font-size': 8,
    } },
    { selector: 'edge.bent', style: { 'curve-style': 'unbundled-bezier', 'control-point-distances': 'data(bow)', 'control-point-weights': .5 } },
    { selector: 'edge.led', style: { 'target-arrow-shape': 'triangle' } },
    { selector: 'edge.past', style: { 'line-style': 'dashed' } },
    { selector: 'edge.odds', style: { 'line-color': token('bad-line'), color: token('bad') } },
    { selector: 'edge.chosen', style: { 'line-color': token('accent-line'), color: ink } },
  ];
}

document.querySelectorAll('[data-gx-ties]').forEach(start);
