'use strict';
// The photograph, the styles and the pictures to choose from.
const pictureButton = (id, what, isPressed, act) => make('button',
  { type: 'button', 'aria-pressed': String(isPressed), 'aria-label': what + ': ' + labelOf(id), onclick: act, textContent: what });

const setContent = id => {
  if (id !== wish.content) Object.assign(wish, { protect: null, regions: null });
  wish.content = id;
  masks.forget();
  changed();
};
const toggleStyle = id => {
  wish.styles = wish.styles.includes(id) ? wish.styles.filter(other => other !== id) : [...wish.styles, id].slice(-8);
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

let stripKey = '';
parts.push(() => {
  fill(by('content-frame'), wish.content ? [wish.content] : [], 'Drop a photograph here, or choose one below.');
  fill(by('style-frame'), wish.styles, 'Drop one or more paintings here, or choose below.');
  by('style-note').textContent = wish.styles.length > 1 ? wish.styles.length + ' styles, mixed' + (wish.regions ? ' by the mask' : '') : '';
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
  node.addEventListener('dragover', event => { event.preventDefault(); node.classList.add('over'); });
  node.addEventListener('dragleave', () => node.classList.remove('over'));
  node.addEventListener('drop', event => {
    event.preventDefault();
    node.classList.remove('over');
    const id = event.dataTransfer.getData('text/x-nst-picture');
    if (id) use(id);
    else bring([...event.dataTransfer.files], use);
  });
}
addEventListener('dragover', event => event.preventDefault()); // a file dropped beside the tiles must not replace the page
addEventListener('drop', event => event.preventDefault());
