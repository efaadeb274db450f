// The transcript, kept in this browser: one entry per turn, so that tabs never overwrite each other's, and the other tabs hear of each.
const prefix = 'sluice.turn.';
const most = 50;

// Where the browser keeps nothing (blocked, or full beyond help) the page works all the same, only without a memory.
function attempt(action, otherwise) {
  try {
    return action();
  } catch (problem) {
    if (problem instanceof DOMException) return otherwise;
    throw problem;
  }
}

const keys = () => Object.keys(localStorage).filter(key => key.startsWith(prefix)).sort();

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    // Not written by this page: as good as not there.
    return null;
  }
}

/** A name for a new turn; later ones sort behind earlier ones. */
export function newName() {
  return `${Date.now().toString(36).padStart(9, '0')}-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
}

/** All turns, the oldest first. */
export function readAll() {
  return attempt(() => keys().map(key => parse(localStorage.getItem(key))).filter(record => record?.name && record.question), []);
}

/** One turn, or null. */
export function read(name) {
  return attempt(() => parse(localStorage.getItem(prefix + name)), null);
}

/** Keeps a turn; the oldest make room for it. */
export function save(record) {
  const key = prefix + record.name;
  const json = JSON.stringify(record);
  attempt(() => {
    const others = keys().filter(other => other !== key);
    while (others.length >= most) localStorage.removeItem(others.shift());
    while (!attempt(() => (localStorage.setItem(key, json), true), false)) {
      if (!others.length) return;
      localStorage.removeItem(others.shift());
    }
  });
}

/** Forgets everything. */
export function clear() {
  attempt(() => keys().forEach(key => localStorage.removeItem(key)));
}

/** Hears what other tabs keep and forget. */
export function watch(kept, forgotten) {
  addEventListener('storage', e => {
    if (e.key === null) forgotten(null);
    else if (!e.key.startsWith(prefix)) return;
    else if (e.newValue === null) forgotten(e.key.slice(prefix.length));
    else if (parse(e.newValue)) kept(parse(e.newValue));
  });
}
