'use strict';
// What all parts of the page share: requests, the wish, messages. Text from outside enters the page as text alone.
const token = new URLSearchParams(location.search).get('token') || '';
const by = id => document.getElementById(id);
const at = (path, fields) => path + '?' + new URLSearchParams({ token, ...fields });
const nameOf = id => id.replace(/^sample:/, '').split('/').pop();
const labelOf = id => nameOf(id) + (id.startsWith('sample:') ? ' (sample)' : '');
const thumb = id => at('thumb.jpg', { id });
const view = id => at('view.jpg', { id });

const make = (tag, fields, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(fields || {})) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name.includes('-') || name === 'role' || name === 'for') node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children);
  return node;
};

const say = text => { by('status').textContent = text; };
const complain = text => { by('problem').textContent = text || ''; };

const post = async (path, fields, body) => {
  let answer;
  try {
    answer = await fetch(at(path, { page, ...fields }), { method: 'POST', body: body === undefined || body instanceof Blob ? body : JSON.stringify(body) });
  } catch {
    throw new Error('no connection; nst studio may have ended');
  }
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(json.error || 'the request was refused (' + answer.status + ')');
  return json;
};
const tried = async act => {
  try {
    complain('');
    return await act();
  } catch (failure) {
    complain(failure.message);
    return null;
  }
};

// --- the wish: what would be painted now
const wish = { content: null, styles: [], weights: [], protect: null, regions: null }; // a weight for each style, the largest 1
const lists = { pictures: [], results: [] };
const parts = []; // functions that show the wish
const controls = ['strength', 'scale', 'color', 'preset', 'size', 'iterations'];

const asked = () => ({
  content: wish.content,
  styles: wish.styles,
  weights: wish.regions || wish.weights.every(weight => weight === wish.weights[0]) ? null : wish.weights,
  preset: by('preset').value,
  strength: Number(by('strength').value),
  styleScale: 2 ** Number(by('scale').value),
  size: Math.round(Number(by('size').value)) || 0,
  color: by('color').value,
  iterations: by('iterations').value ? Math.round(Number(by('iterations').value)) : null,
  protect: wish.protect,
  regions: wish.styles.length > 1 ? wish.regions : null,
});
const isReady = () => Boolean(wish.content && wish.styles.length);

const showSettings = () => {
  const preset = by('preset').selectedOptions[0];
  by('strength-value').textContent = Math.round(100 * by('strength').value) + ' %';
  const scale = 2 ** Number(by('scale').value);
  by('scale-value').textContent = '× ' + Number(scale.toPrecision(2));
  by('scale').setAttribute('aria-valuetext', Number(scale.toPrecision(2)) + ' times');
  by('preset-about').textContent = preset.dataset.about;
  by('iterations').placeholder = preset.dataset.iterations;
};

// --- what follows a change: the command at once, a trial after a moment
let waiting = 0, commands = 0;
const changed = (tryIt = true) => {
  for (const show of parts) show();
  showSettings();
  for (const id of ['try', 'paint', 'grid-settings']) by(id).disabled = !isReady();
  clearTimeout(waiting);
  memory.keep();
  if (!isReady()) return;
  waiting = setTimeout(() => {
    showCommand();
    if (tryIt && by('auto').checked) tryNow(false);
  }, 300);
};
const showCommand = async () => {
  const number = ++commands;
  const answer = await tried(() => post('command', {}, asked()));
  if (answer && number === commands) by('command').textContent = answer.command;
};
const tryNow = async fresh => {
  const answer = await tried(() => post('trial', { size: by('trial-size').value, fresh: fresh ? '1' : '0' }, asked()));
  if (answer) look.at({ kind: 'trial' });
};

/** Takes over the settings of a result or of a trial. */
const take = (other, tryIt) => {
  const most = Math.max(...other.weights || []);
  Object.assign(wish, {
    content: other.content, styles: [...other.styles], protect: other.protect || null, regions: other.regions || null,
    weights: other.styles.map((_, i) => other.weights ? other.weights[i] / most : 1),
  });
  by('preset').value = other.preset;
  by('strength').value = other.strength;
  by('scale').value = Math.log2(other.styleScale);
  by('size').value = other.size;
  by('color').value = other.color;
  by('iterations').value = other.iterations || '';
  changed(tryIt);
};

const paint = async what => {
  const answer = await tried(() => post('paint', {}, what));
  if (!answer) return;
  say('added to the queue');
  look.at({ kind: 'work', id: answer.id });
};

// --- the pictures of the folder
const loadLists = async () => {
  try {
    const answer = await fetch(at('lists'));
    if (!answer.ok) return;
    Object.assign(lists, await answer.json());
  } catch {
    return; // the events say that the connection is gone
  }
  Object.assign(by('folder'), { textContent: lists.folder.split(/[\\/]/).pop() || lists.folder, title: lists.folder });
  for (const show of parts) show();
};

const start = () => {
  for (const id of controls) by(id).addEventListener(by(id).tagName === 'INPUT' ? 'input' : 'change', () => changed(id !== 'size' && id !== 'iterations'));
  by('preset').addEventListener('change', () => { by('strength').value = by('preset').selectedOptions[0].dataset.strength; changed(); });
  by('trial-size').addEventListener('change', () => changed());
  by('auto').addEventListener('change', memory.keep);
  by('form').addEventListener('submit', event => { event.preventDefault(); if (isReady()) tryNow(true); });
  by('try-stop').addEventListener('click', () => tried(() => post('cancel', { what: 'trial' })));
  by('paint').addEventListener('click', () => paint(asked()));

  changed(false);
  loadLists().then(memory.restore).finally(() => {
    const events = new EventSource(at('events', { page }));
    events.onmessage = event => {
      if (by('status').textContent === lost) say('');
      update(JSON.parse(event.data));
    };
    events.onerror = () => say(lost);
  });
};
const lost = 'no connection; nst studio may have ended';

// --- what the program reports
let queueKey = '';
const update = state => {
  memory.arrived(state);
  look.update(state);
  grid.update(state.grid);
  queue.update(state.queue);
  const trial = state.trial && state.trial.cells[0];
  const isTrying = Boolean(trial) && (trial.state === 'painting' || trial.state === 'waiting');
  if (!by('try-stop').disabled && !isTrying && trial.state === 'done') say('the trial is ready');
  by('try-stop').disabled = !isTrying;
  if (trial && trial.state === 'failed') complain(trial.error);
  const key = state.queue.filter(item => item.state === 'done' || item.state === 'stopped').map(item => item.id + item.state).join();
  if (key !== queueKey) loadLists().then(() => { if (isReady()) showCommand(); }); // the next name may be another
  queueKey = key;
};
