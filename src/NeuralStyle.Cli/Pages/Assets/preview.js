'use strict';
const query = location.search;
const at = (path, extra) => path + (query ? query + '&' : '?') + extra;
const by = id => document.getElementById(id);
let run = 0, version = -1, frame = 0, other = 'content.jpg', styles = [], paused = false, ended = false;

// --- comparing
const stage = by('stage'), split = by('split');
const setSplit = value => { split.value = value; stage.style.setProperty('--split', split.value + '%'); };
split.addEventListener('input', () => setSplit(split.value));
let held = false;
const drag = event => { const box = stage.getBoundingClientRect(); setSplit(100 * (event.clientX - box.left) / box.width); };
stage.addEventListener('pointerdown', event => { held = true; stage.setPointerCapture(event.pointerId); drag(event); });
stage.addEventListener('pointermove', event => { if (held) drag(event); });
for (const end of ['pointerup', 'pointercancel']) stage.addEventListener(end, () => { held = false; });

const choose = (path, name, show) => {
  other = path;
  by('tag').textContent = name;
  for (const button of by('choice').children) button.setAttribute('aria-pressed', button.dataset.path === path);
  if (show && Number(split.value) < 5) setSplit(50);
};
const showChoices = state => {
  styles = state.styles;
  const list = [['content.jpg', state.film ? 'film' : 'content']].concat(styles.map((name, i) => ['style.jpg?' + i, styles.length > 1 ? 'style ' + name : 'style']));
  by('choice').replaceChildren(...list.map(([path, name]) => {
    const button = document.createElement('button');
    button.textContent = name;
    button.dataset.path = path;
    button.addEventListener('click', () => chooseStyle(path, name, true));
    return button;
  }));
  chooseStyle('content.jpg', state.film ? 'film' : 'content', false);
};
const chooseStyle = (path, name, show) => {
  const [file, i] = path.split('?');
  choose(path, name, show);
  if (name === 'film' && !frame) return; // the first frame is still to come
  by('other').src = at(file, 'run=' + run + (i ? '&i=' + i : ''));
};

// --- curves: drawn by the program, as in reports
let lossVersion = 0, drawnVersion = 0, drawing = false;
const draw = async () => {
  if (drawing) return;
  drawing = true;
  while (drawnVersion !== lossVersion) {
    const version = lossVersion;
    try {
      const answer = await fetch('losses' + query);
      if (answer.ok) by('losses').innerHTML = await answer.text();
    } catch { break; } // the program has ended
    drawnVersion = version;
    if (!ended) await new Promise(done => setTimeout(done, 500));
  }
  drawing = false;
};

// --- what comes in
const show = state => {
  paused = state.paused;
  ended = Boolean(state.end);
  document.body.classList.toggle('ended', ended);
  if (state.run && state.run !== run) {
    run = state.run;
    [version, lossVersion, drawnVersion] = [-1, 0, 0];
    by('losses').replaceChildren();
    setSplit(0);
    showChoices(state);
    fetch('settings' + query).then(answer => answer.text()).then(html => { by('settings').innerHTML = html; }).catch(() => {});
  }
  if (state.run) {
    by('title').textContent = state.output;
    document.title = state.output + ' · nst';
    by('message').textContent = state.message || '';
  }
  const progress = state.progress;
  if (progress) {
    by('where').textContent = `scale ${progress.scale} of ${progress.scales} · iteration ${progress.iteration} of ${progress.iterations}`;
    by('size').textContent = `${progress.width}×${progress.height} pixels`;
    by('left').textContent = ended ? '' : progress.left;
    by('done').style.width = (state.batch ? 100 * (state.batch.done + progress.fraction % 1) / state.batch.total : 100 * progress.fraction) + '%';
    stage.style.setProperty('--ratio', progress.width / progress.height);
    if (state.film) showFilm(state.film, progress);
    if (!ended) document.title = `${Math.round(100 * progress.fraction)} % · ${state.output} · nst`;
  }
  if (ended) by('where').textContent = state.end;
  if (paused && !ended) by('where').textContent += ' · paused';
  if (state.run && (state.lossVersion || state.film)) {
    by('loss').textContent = Number.isFinite(state.loss) ? 'loss ' + Number(state.loss).toPrecision(4) : '';
    lossVersion = state.lossVersion;
    draw();
  }
  if (state.run && state.pictureVersion !== version) {
    version = state.pictureVersion;
    if (version > 0) by('current').src = at('current.jpg', 'v=' + run + '.' + version);
  }
  by('pause').textContent = paused ? 'Continue' : 'Pause';
  for (const id of ['pause', 'save', 'stop']) by(id).disabled = ended;
  if (state.batch) showBatch(state.batch);
};
const showFilm = (film, progress) => {
  const pass = film.passes > 1 ? `pass ${film.pass} of ${film.passes} · ` : '';
  const scale = progress.scales > 1 ? `scale ${progress.scale} of ${progress.scales} · ` : '';
  by('where').textContent = `frame ${film.number} of ${film.frames} · ${pass}${scale}iteration ${progress.iteration} of ${progress.iterations}`;
  const share = (film.painted + progress.fraction % 1) / (film.frames * (film.passes || 1));
  by('left').textContent = ended ? '' : film.left;
  by('done').style.width = 100 * share + '%';
  by('save').hidden = true;
  by('stop').textContent = 'Stop; painted frames are kept';
  if (!ended) document.title = `${Math.round(100 * share)} % · ${by('title').textContent} · nst`;
  if (film.number === frame) return;
  frame = film.number;
  if (other === 'content.jpg') by('other').src = at('content.jpg', 'run=' + run + '&frame=' + frame);
};
const showBatch = batch => {
  by('batch').textContent = `${batch.done} of ${batch.total} pictures done` + (batch.failed ? `, ${batch.failed} failed` : '');
  by('stop').textContent = 'Stop';
  by('finished').hidden = !batch.finished.length;
  by('finished').querySelector('.sheet').replaceChildren(...batch.finished.map(picture => {
    const figure = document.createElement('figure'), caption = document.createElement('figcaption');
    figure.className = picture.kind;
    caption.textContent = `${picture.name} · ${picture.reason || picture.kind}`;
    if (picture.shown) {
      const image = document.createElement('img');
      image.loading = 'lazy';
      image.src = at('finished.jpg', 'name=' + encodeURIComponent(picture.name));
      figure.append(image);
    }
    figure.append(caption);
    return figure;
  }));
};

const order = path => fetch(path + query, { method: 'POST' });
by('pause').addEventListener('click', () => order(paused ? 'go-on' : 'pause'));
by('save').addEventListener('click', () => { by('message').textContent = 'will be saved at the end of this iteration'; order('save'); });
by('stop').addEventListener('click', () => { by('message').textContent = 'stops at the end of this iteration'; order('stop'); });

const listen = () => {
  const events = new EventSource('events' + query);
  events.onmessage = event => { show(JSON.parse(event.data)); if (ended) events.close(); };
  events.onerror = () => { if (!ended) { by('where').textContent = 'no connection; the program may have ended'; } };
};
listen();
