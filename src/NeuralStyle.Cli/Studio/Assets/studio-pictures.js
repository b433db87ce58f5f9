'use strict';
// The photograph, the styles and the pictures to choose from.
const pictureButton = (id, what, isPressed, act) => make('button',
  { type: 'button', 'aria-pressed': String(isPressed), 'aria-label': what + ': ' + labelOf(id), onclick: act, textContent: what });

const setContent = id => {
  if (id !== wish.content) Object.assign(wish, { protect: null, regions: null });
  wish.content = id;
  changed();
};
const toggleStyle = id => {
  const place = wish.styles.indexOf(id);
  if (place >= 0) for (const list of [wish.styles, wish.weights]) list.splice(place, 1);
  else Object.assign(wish, { styles: [...wish.styles, id].slice(-8), weights: [...wish.weights, 1].slice(-8) });
  wish.regions = null;
  changed();
};

const fill = (frame, ids, hint) => {
  const key = ids.join('\n');
  if (frame.dataset.key === key && frame.childElementCount) return;
  frame.dataset.key = key;
  frame.classList.toggle('full', ids.length > 0);
  frame.replaceChildren(...ids.map(id => make('img', { src: view(id), alt: nameOf(id) })));
  if (!ids.length) frame.append(make('p', { textContent: hint }));
};

// how much of each style, if they are mixed as a whole
let sharesKey = '';
const showShares = () => {
  const isMixed = wish.styles.length > 1 && !wish.regions, key = isMixed ? wish.styles.join('\n') : '';
  if (key !== sharesKey) {
    sharesKey = key; // else a slider that is held would be lost
    by('shares').replaceChildren(...(isMixed ? wish.styles : []).map((id, i) => make('div', { className: 'field' },
      make('label', { for: 'share-' + i, textContent: nameOf(id) }), make('output', { for: 'share-' + i }),
      make('input', { id: 'share-' + i, type: 'range', min: 0.05, max: 1, step: 0.05,
        oninput: event => { wish.weights[i] = Number(event.target.value); changed(); } }))));
  }
  const sum = wish.weights.reduce((all, weight) => all + weight, 0);
  for (const [i, field] of [...by('shares').children].entries()) {
    const share = Math.round(100 * wish.weights[i] / sum) + ' %', slider = field.querySelector('input');
    field.querySelector('output').textContent = share;
    slider.setAttribute('aria-valuetext', share);
    if (document.activeElement !== slider) slider.value = wish.weights[i];
  }
};

let stripKey = '';
parts.push(() => {
  fill(by('content-frame'), wish.content ? [wish.content] : [], 'Drop a photograph here, or choose one below.');
  fill(by('style-frame'), wish.styles, 'Drop one or more paintings here, or choose below.');
  by('style-note').textContent = wish.styles.length > 1 ? wish.styles.length + ' styles, mixed' + (wish.regions ? ' by the mask' : '') : '';
  showShares();
  const key = lists.pictures.join('\n');
  if (key !== stripKey) {
    stripKey = key;
    by('strip').replaceChildren(...lists.pictures.map(id => make('li', { id: 'picture ' + id, draggable: true,
      ondragstart: event => event.dataTransfer.setData('text/x-nst-picture', id) },
      make('img', { src: thumb(id), alt: '', loading: 'lazy', draggable: false }),
      make('span', { className: 'name', textContent: labelOf(id), title: id }),
      make('span', { className: 'row' }, pictureButton(id, 'Photo', false, () => setContent(id)),
        pictureButton(id, 'Style', false, () => toggleStyle(id))))));
  }
  for (const [i, id] of lists.pictures.entries()) {
    const [photo, style] = by('strip').children[i].querySelectorAll('button');
    photo.setAttribute('aria-pressed', String(id === wish.content));
    style.setAttribute('aria-pressed', String(wish.styles.includes(id)));
  }
});

// --- files from elsewhere
const upload = async file => {
  say('reading ' + file.name);
  const answer = await tried(() => post('upload', { name: file.name }, file));
  say(answer ? file.name + ' is in the folder' : '');
  return answer && answer.id;
};
const bring = async (files, use) => {
  for (const file of files) {
    const id = await upload(file);
    if (!id) continue;
    if (!lists.pictures.includes(id)) await loadLists();
    use(id);
  }
};
const addStyle = id => { if (!wish.styles.includes(id)) toggleStyle(id); };

for (const [input, use] of [['content-file', setContent], ['style-file', addStyle]]) {
  by(input).addEventListener('change', async event => { await bring([...event.target.files], use); event.target.value = ''; });
}
for (const [tile, use] of [['content-tile', setContent], ['style-tile', addStyle]]) {
  const node = by(tile);
  node.addEventListener('dragover', event => { event.preventDefault(); node.classList.add('dropping'); });
  node.addEventListener('dragleave', () => node.classList.remove('dropping'));
  node.addEventListener('drop', event => {
    event.preventDefault();
    node.classList.remove('dropping');
    const id = event.dataTransfer.getData('text/x-nst-picture');
    if (id) use(id);
    else bring([...event.dataTransfer.files], use);
  });
}
addEventListener('dragover', event => event.preventDefault()); // a file dropped beside the tiles must not replace the page
addEventListener('drop', event => {
  if (!event.defaultPrevented) say('drop pictures on the photograph or on the style');
  event.preventDefault();
});
