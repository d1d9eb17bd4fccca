// Front-end build: `node src/guanxi/foundation/design/build.mjs` from the repository's root, after `npm ci`.
// assets/ (ours) + node_modules/ (never committed) -> static/gx/build/ (git-ignored):
//   gx.css     Tabler's parts named in assets/tabler.txt and our sheets, compiled for the oldest browsers we serve
//   gx.js      our modules as one script
//   icons.svg  the icons named in assets/icons.txt as a sprite
//   ties.js    the graph of relationships with Cytoscape in it, for its page alone
//   charts.js  charts with ECharts in it, for pages that have one
//   board.js   boards with SortableJS; days.js sales on the days they are expected on
//   offline.js the page that is read without network; sw.js the service worker
//   htmx.js, alpine.js, mark.svg
// Nothing is written where the result is already newer than every source.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const assets = path.join(here, 'assets');
const out = path.join(here, 'static', 'gx', 'build');
const modules = process.env.GUANXI_NODE_MODULES || path.join(here, '..', '..', '..', '..', 'node_modules');
const require = createRequire(path.join(modules, 'x.js'));

const SHEETS = ['tokens', 'tabler', 'base', 'frame', 'list', 'table', 'form', 'card', 'panel', 'timeline', 'comments', 'activities', 'reports', 'phone', 'ties', 'board', 'floating', 'signin', 'sheet', 'small', 'print'];
const version = (major, minor = 0) => (major << 16) | (minor << 8);
const TARGETS = { chrome: version(108), safari: version(16, 4), ios_saf: version(16, 4), firefox: version(115) };

const from = name => path.join(modules, name);
const lines = name => fs.readFileSync(path.join(assets, name), 'utf8').split('\n').map(l => l.trim()).filter(l => l && !l.startsWith('#'));

const COPIES = [
  [from('htmx.org/dist/htmx.min.js'), 'htmx.js'],
  [from('@alpinejs/csp/dist/cdn.min.js'), 'alpine.js'],
  [path.join(assets, 'mark.svg'), 'mark.svg'],
];
const SCRIPTS = [['main.js', 'gx.js'], ['ties.js', 'ties.js'], ['charts.js', 'charts.js'], ['board.js', 'board.js'], ['days.js', 'days.js'], ['phone/offline.js', 'offline.js'], ['phone/sw.js', 'sw.js']];
const TABLER = from('@tabler/core/dist/css/tabler.css');

function sources() {
  const ours = dir => fs.readdirSync(dir, { withFileTypes: true }).flatMap(e => e.isDirectory() ? ours(path.join(dir, e.name)) : [path.join(dir, e.name)]);
  return [...ours(assets), fileURLToPath(import.meta.url), TABLER, from('cytoscape/package.json'), from('echarts/package.json'), from('sortablejs/package.json'), ...COPIES.map(([file]) => file)];
}

function fresh() {
  const stamp = path.join(out, '.built');
  if (process.argv.includes('--force') || !fs.existsSync(stamp)) return false;
  const built = fs.statSync(stamp).mtimeMs;
  return sources().every(file => fs.statSync(file).mtimeMs <= built);
}

// ---- styles

// A selector list cut at its commas, those inside brackets apart.
function parts(prelude) {
  const found = [''];
  let depth = 0;
  for (const char of prelude) {
    if (char === '(' || char === '[') depth++;
    if (char === ')' || char === ']') depth--;
    if (char === ',' && !depth) found.push('');
    else found[found.length - 1] += char;
  }
  return found;
}

// Tabler is 600 kB; we use ten of its classes. A rule stays for those of its selectors whose every class we keep.
function trim(css, kept) {
  let result = '';
  for (let at = 0; at < css.length;) {
    const open = css.indexOf('{', at), stop = css.indexOf(';', at);
    if (stop !== -1 && (open === -1 || stop < open)) { at = stop + 1; continue; } // @charset, @import
    if (open === -1) break;
    let close = open + 1;
    for (let depth = 1; depth; close++) depth += css[close] === '{' ? 1 : css[close] === '}' ? -1 : 0;
    const prelude = css.slice(at, open).trim(), body = css.slice(open + 1, close - 1);
    if (/^@(media|supports|layer|container)\b/.test(prelude)) {
      const inner = trim(body, kept);
      if (inner) result += `${prelude}{${inner}}\n`;
    } else if (!prelude.startsWith('@')) {
      const selectors = parts(prelude).filter(one => !/\[data-(?!bs-theme=)/.test(one) && [...one.matchAll(/\.(-?[_a-z][\w-]*)/gi)].every(m => kept.has(m[1])));
      if (selectors.length) result += `${selectors.join(',')}{${body}}\n`;
    }
    at = close;
  }
  return result;
}

// Custom properties of Tabler that nothing reads any more go too, in as many rounds as one leans on another.
function prune(tabler, own) {
  for (let before = ''; before !== tabler;) {
    before = tabler;
    const used = new Set([...(tabler + own).matchAll(/var\(\s*(--[\w-]+)/g)].map(m => m[1]));
    tabler = tabler.replace(/(--tblr-[\w-]+)\s*:(?:"[^"]*"|'[^']*'|[^;{}"'])*(;|(?=\}))/g, (all, name) => used.has(name) ? all : '');
  }
  return tabler;
}

function styles() {
  const { transform } = require('lightningcss');
  const plain = fs.readFileSync(TABLER, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const own = SHEETS.map(name => fs.readFileSync(path.join(assets, 'css', `${name}.css`), 'utf8')).join('\n');
  const tabler = prune(trim(plain, new Set(lines('tabler.txt'))), own);
  const { code, warnings } = transform({ filename: 'gx.css', code: Buffer.from(`${tabler}\n${own}`), minify: true, targets: TARGETS });
  for (const warning of warnings) throw new Error(`gx.css: ${warning.message}`);
  return code;
}

// ---- icons

function icons() {
  const symbols = lines('icons.txt').map(name => {
    const file = from(`@tabler/icons/icons/outline/${name}.svg`);
    if (!fs.existsSync(file)) throw new Error(`assets/icons.txt names an icon that does not exist: ${name}`);
    const inner = fs.readFileSync(file, 'utf8').replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[\s\S]*?>/, '').replace(/<\/svg>[\s\S]*$/, '').replace(/\s+/g, ' ').replace(/> </g, '><').trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}

// ---- scripts

function scripts() {
  const { buildSync } = require('esbuild');
  for (const [source, name] of SCRIPTS) {
    buildSync({
      entryPoints: [path.join(assets, 'js', source)], outfile: path.join(out, name), bundle: true, minify: true,
      format: 'iife', target: ['chrome108', 'safari16.4', 'firefox115'], nodePaths: [modules],
      legalComments: ['ties.js', 'board.js', 'charts.js'].includes(name) ? 'eof' : 'none', logLevel: 'warning',
    });
  }
}

if (fresh()) {
  console.log('design: up to date');
} else {
  fs.mkdirSync(out, { recursive: true });
  for (const [source, name] of COPIES) fs.copyFileSync(source, path.join(out, name));
  fs.writeFileSync(path.join(out, 'gx.css'), styles());
  fs.writeFileSync(path.join(out, 'icons.svg'), icons());
  scripts();
  fs.writeFileSync(path.join(out, '.built'), '');
  const size = name => `${name} ${Math.round(fs.statSync(path.join(out, name)).size / 1024)} kB`;
  console.log(`design: ${['gx.css', 'gx.js', 'ties.js', 'board.js', 'icons.svg', 'htmx.js'].map(size).join(', ')}`);
}
