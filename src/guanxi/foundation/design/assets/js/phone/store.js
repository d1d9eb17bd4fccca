// What this browser keeps for a phone, in IndexedDB; read by pages, by the page without network and by the service worker.
//   queue   forms that are to be sent, in order: {id, key, who, label, about, page, url, fields, controls, at, state, …}
//   kept    what is read without network, one a member and company: {who, at, …}
//   notes   {key: 'who', value}: who was signed in here last
const NAME = 'gx-phone';
const STORES = { queue: { keyPath: 'id', autoIncrement: true }, kept: { keyPath: 'who' }, notes: { keyPath: 'key' } };
let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => { for (const [name, options] of Object.entries(STORES)) request.result.createObjectStore(name, options); };
    request.onsuccess = () => {
      request.result.onclose = request.result.onversionchange = () => { request.result.close(); opened = null; };
      resolve(request.result);
    };
    request.onerror = () => { opened = null; reject(request.error); };
  });
  return opened;
}

/** Runs `act(store)` in one transaction; resolves, once it is on the disk, to the result of the request it gives. */
async function within(name, mode, act) {
  for (let turn = 0; ; turn++) {
    const base = await database();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = base.transaction(name, mode);
        const request = act(transaction.objectStore(name));
        transaction.oncomplete = () => resolve(request?.result);
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
    } catch (error) {
      if (turn || error?.name !== 'InvalidStateError') throw error;
      opened = null; // the browser has closed it under us, as when it was told to forget everything
    }
  }
}

export const get = (store, key) => within(store, 'readonly', rows => rows.get(key));
export const all = store => within(store, 'readonly', rows => rows.getAll());
export const put = (store, value) => within(store, 'readwrite', rows => rows.put(value));
export const drop = (store, key) => within(store, 'readwrite', rows => rows.delete(key));

/** Everything goes, of whomever: somebody has signed out here. */
export const forget = () => Promise.all(Object.keys(STORES).map(name => within(name, 'readwrite', rows => rows.clear())));

const channel = 'BroadcastChannel' in self ? new BroadcastChannel('gx-phone') : null;

/** Tells other pages and the service worker that something changed, and what of it was `sent`; `listen` hears it from them. */
export const tell = (sent = null) => channel?.postMessage({ sent });
export const listen = then => channel?.addEventListener('message', event => then(event.data));
