'use strict';
// Several trials at once, from which one is chosen.
const grid = (() => {
  let known = 0;
  const describe = (other, isPictures) => isPictures
    ? `${nameOf(other.styles[0])} on ${nameOf(other.content)}`
    : `strength\u00a0${Math.round(100 * other.strength)}\u00a0%, strokes\u00a0×\u00a0${Number(other.styleScale.toPrecision(2))}`;

  const around = (value, step, least, most) => {
    const middle = Math.min(Math.max(value, least + step), most - step);
    return [middle - step, middle, middle + step].map(number => Number(number.toFixed(4)));
  };
  const ask = async wishes => {
    by('grid-choice').hidden = true;
    by('grid-pictures').setAttribute('aria-expanded', 'false');
    const answer = await tried(() => post('grid', { size: 128 }, wishes));
    if (answer) say('trying ' + wishes.length + ' pictures');
  };

  by('grid-settings').addEventListener('click', () => {
    const now = asked();
    ask(around(now.strength, 0.25, 0, 1).flatMap(strength =>
      around(Math.log2(now.styleScale), 1, -2, 2).map(scale => ({ ...now, strength, styleScale: 2 ** scale }))));
  });
  by('grid-pictures').addEventListener('click', () => {
    const open = by('grid-choice').hidden;
    by('grid-choice').hidden = !open;
    by('grid-pictures').setAttribute('aria-expanded', String(open));
    if (!open) return;
    for (const [id, chosen] of [['grid-photos', [wish.content]], ['grid-styles', wish.styles]]) {
      by(id).replaceChildren(...lists.pictures.map(picture => make('label', { title: picture },
        make('img', { src: thumb(picture), alt: '', loading: 'lazy' }),
        make('input', { type: 'checkbox', value: picture, checked: chosen.includes(picture) }), ' ' + labelOf(picture))));
    }
  });
  by('grid-go').addEventListener('click', () => {
    const ticked = id => [...by(id).querySelectorAll(':checked')].map(box => box.value);
    const [photos, styles] = [ticked('grid-photos'), ticked('grid-styles')];
    const fits = list => list.length >= 1 && list.length <= 4;
    by('grid-problem').textContent = fits(photos) && fits(styles) ? '' : 'Choose one to four photographs, and one to four styles.';
    if (by('grid-problem').textContent) return;
    const plain = { weights: null, protect: null, regions: null };
    ask(photos.flatMap(content => styles.map(style => ({ ...asked(), ...plain, content, styles: [style] }))));
  });
  by('grid-stop').addEventListener('click', () => tried(() => post('cancel', { what: 'grid' })));

  const build = state => {
    const cells = state.cells;
    const isPictures = new Set(cells.map(cell => cell.wish.content + '\n' + cell.wish.styles[0])).size > 1;
    const columns = isPictures ? new Set(cells.map(cell => cell.wish.styles[0])).size : Math.ceil(Math.sqrt(cells.length));
    by('grid').style.setProperty('--columns', columns);
    by('grid').replaceChildren(...cells.map((cell, i) => make('button', { type: 'button', onclick: () => {
      take({ ...cell.wish, size: Math.round(Number(by('size').value)) || 512 }, true);
      say('chosen: ' + describe(cell.wish, isPictures));
      by('show').scrollIntoView({ block: 'nearest' });
    } }, make('span', { className: 'picture' }, make('img', { alt: '' })), make('span', { textContent: describe(cell.wish, isPictures) }))));
    for (const [i, cell] of cells.entries()) by('grid').children[i].setAttribute('aria-label', 'Choose ' + describe(cell.wish, isPictures));
  };

  return {
    update: state => {
      if (!state) return;
      if (state.id !== known) build(state);
      known = state.id;
      const isDone = !state.cells.some(cell => cell.state === 'waiting' || cell.state === 'painting');
      if (isDone && !by('grid-stop').disabled) say('the trials are ready');
      by('grid-stop').disabled = isDone;
      for (const [i, cell] of state.cells.entries()) {
        const image = by('grid').children[i].querySelector('img');
        if (!cell.work.version || image.dataset.version === String(cell.work.version)) continue;
        image.dataset.version = cell.work.version;
        image.src = at('grid.jpg', { page, i, v: state.id + '.' + cell.work.version });
        image.onload = () => image.parentElement.style.setProperty('--ratio', image.naturalWidth / image.naturalHeight);
      }
    },
  };
})();
