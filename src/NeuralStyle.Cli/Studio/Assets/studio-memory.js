'use strict';
// What a reload of the page keeps: the choice, the settings, and what is shown. Each tab has its own, and the studio learns nothing of it.
const memory = (() => {
  const name = 'nst-studio', further = ['trial-size'];
  const read = () => {
    try {
      return JSON.parse(sessionStorage.getItem(name)) || {};
    } catch {
      return {}; // not allowed, or damaged
    }
  };
  const kept = read();
  const isReload = performance.getEntriesByType('navigation').some(entry => entry.type === 'reload');
  let isReading = true, toShow = null;

  const keep = () => {
    if (isReading) return;
    const fields = Object.fromEntries([...controls, ...further].map(id => [id, by(id).value]));
    try {
      sessionStorage.setItem(name, JSON.stringify(
        { page, folder: lists.folder, wish, fields, auto: by('auto').checked, shown: look.shown() }));
    } catch {
      // not allowed: a reload forgets
    }
  };
  const isThere = async id => id && (await fetch(thumb(id))).ok;

  const takeOver = async () => {
    for (const [id, value] of Object.entries(kept.fields)) by(id).value = value;
    by('auto').checked = kept.auto;
    const { content, styles, weights, protect, regions } = kept.wish, known = await Promise.all(styles.map(isThere));
    if (await isThere(content)) Object.assign(wish, { content, protect: await isThere(protect) ? protect : null });
    if (known.every(Boolean)) Object.assign(wish, { styles, weights, regions: wish.content && await isThere(regions) ? regions : null });
    toShow = kept.shown;
  };
  const restore = async () => {
    try {
      if (kept.wish && kept.folder === lists.folder) await takeOver();
    } finally {
      isReading = false;
      changed(false);
    }
  };

  /** The first state: only it says whether what was shown is still there. */
  const arrived = state => {
    if (!toShow) return;
    const { kind, id } = toShow;
    toShow = null;
    if (kind === 'result' && lists.results.some(result => result.id === id)) look.at({ kind, id });
    else if (kind === 'work' && state.queue.some(item => item.id === id)) look.at({ kind, id });
    else if (state.trial) look.at({ kind: 'trial' });
    else changed(); // the studio was started again
  };

  // a copy of a tab has its memory, but trials of its own
  const random = () => [...crypto.getRandomValues(new Uint8Array(8))].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return { page: isReload && kept.page || random(), keep, restore, arrived };
})();
const page = memory.page;
