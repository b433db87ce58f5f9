'use strict';
const query = location.search;
const at = (path, extra) => path + (query ? query + '&' : '?') + extra;
const by = id => document.getElementById(id);
const colours = ['#d1495b', '#00798c', '#edae49', '#66a182', '#8d6a9f', '#3d5a80', '#c97b3d', '#7a9e2f', '#b5179e', '#4895ef'];
let run = 0, names = [], points = [], version = -1, other = 'content.jpg', styles = [], paused = false, ended = false;

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
  const list = [['content.jpg', 'content']].concat(styles.map((name, i) => ['style.jpg?' + i, styles.length > 1 ? 'style ' + name : 'style']));
  by('choice').replaceChildren(...list.map(([path, name]) => {
    const button = document.createElement('button');
    button.textContent = name;
    button.dataset.path = path;
    button.addEventListener('click', () => chooseStyle(path, name, true));
    return button;
  }));
  chooseStyle('content.jpg', 'content', false);
};
const chooseStyle = (path, name, show) => {
  const [file, i] = path.split('?');
  choose(path, name, show);
  by('other').src = at(file, 'run=' + run + (i ? '&i=' + i : ''));
};

// --- curves: logarithmic upwards, iterations across
const chart = (svg, legend, wanted) => {
  const width = svg.clientWidth || 900, height = svg.clientHeight || 280, left = 64, bottom = 24, top = 8, right = 8;
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const series = wanted.map((index, i) => ({ name: names[index], colour: colours[i % colours.length], values: points.map(point => [point[0], point[index + 1]]).filter(([, y]) => y > 0) })).filter(line => line.values.length);
  if (!series.length) { svg.replaceChildren(); legend.replaceChildren(); return; }
  const all = series.flatMap(line => line.values);
  const most = Math.max(...all.map(([x]) => x), 2);
  let low = Math.floor(Math.log10(all.reduce((least, [, y]) => Math.min(least, y), Infinity))), high = Math.ceil(Math.log10(all.reduce((largest, [, y]) => Math.max(largest, y), 0)));
  if (high <= low) high = low + 1;
  if (high - low > 8) low = high - 8;
  const x = value => left + (width - left - right) * (value - 1) / (most - 1);
  const y = value => Math.min(height - bottom, top + (height - top - bottom) * (high - Math.log10(value)) / (high - low));
  const parts = [];
  for (let power = low; power <= high; power++)
    parts.push(`<line class="grid" x1="${left}" x2="${width - right}" y1="${y(10 ** power)}" y2="${y(10 ** power)}"/><text class="axis" x="${left - 8}" y="${y(10 ** power) + 4}" text-anchor="end">${power > -3 && power < 4 ? 10 ** power : '1e' + power}</text>`);
  parts.push(`<text class="axis" x="${width - right}" y="${height - 6}" text-anchor="end">${most} iterations</text>`);
  for (const line of series)
    parts.push(`<polyline fill="none" stroke="${line.colour}" points="${line.values.map(([px, py]) => x(px).toFixed(1) + ',' + y(py).toFixed(1)).join(' ')}"/>`);
  svg.innerHTML = parts.join('');
  legend.replaceChildren(...series.map(line => {
    const item = document.createElement('li'), mark = document.createElement('i'), value = document.createElement('b');
    mark.style.background = line.colour;
    value.textContent = ' ' + line.values[line.values.length - 1][1].toPrecision(4);
    item.append(mark, line.name, value);
    return item;
  }));
};
const draw = () => {
  chart(by('parts'), by('parts-legend'), [0, 1, 2, 3].filter(i => i < names.length));
  chart(by('terms'), by('terms-legend'), names.map((_, i) => i).slice(4));
};
addEventListener('resize', draw);

// --- what comes in
const show = state => {
  paused = state.paused;
  ended = Boolean(state.end);
  document.body.classList.toggle('ended', ended);
  if (state.run && state.run !== run) {
    run = state.run;
    [names, points, version] = [[], [], -1];
    setSplit(0);
    showChoices(state);
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
    if (!ended) document.title = `${Math.round(100 * progress.fraction)} % · ${state.output} · nst`;
  }
  if (ended) by('where').textContent = state.end;
  if (paused && !ended) by('where').textContent += ' · paused';
  if (state.curves) {
    names = state.curves.names;
    points.length = state.curves.from;
    points.push(...state.curves.points);
    if (points.length) by('loss').textContent = 'loss ' + points[points.length - 1][1].toPrecision(4);
    draw();
  }
  if (state.run && state.pictureVersion !== version) {
    version = state.pictureVersion;
    if (version > 0) by('current').src = at('current.jpg', 'v=' + run + '.' + version);
  }
  by('pause').textContent = paused ? 'Go on' : 'Pause';
  for (const id of ['pause', 'save', 'stop']) by(id).disabled = ended;
  if (state.batch) showBatch(state.batch);
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
