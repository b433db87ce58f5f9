'use strict';
// The queue, and the results.
const queue = (() => {
  const order = (path, id) => () => tried(() => post(path, { id }));
  const button = (text, name, act) => make('button', { type: 'button', textContent: text, 'aria-label': text + ': ' + name, onclick: act });

  const buttons = item => {
    const name = nameOf(item.output), list = [];
    if (item.state === 'painting') {
      list.push(button('Watch', name, () => look.at({ kind: 'work', id: item.id })), button('Pause', name, order('pause', item.id)),
        button('Stop and keep', name, order('stop', item.id)));
    }
    if (item.state === 'waiting') list.push(button('First', name, order('first', item.id)), button('Pause', name, order('pause', item.id)));
    if (['paused', 'stopped', 'failed'].includes(item.state)) list.push(button('Continue', name, order('go-on', item.id)));
    if (item.state === 'done' || item.state === 'stopped') list.push(button('Show', name, () => look.at({ kind: 'result', id: item.output })));
    list.push(button('Remove', name, order('remove', item.id)));
    return list;
  };

  const words = item => {
    if (item.state === 'painting') {
      const work = item.work;
      return work && work.iteration
        ? `painting, ${Math.round(100 * work.fraction)} %, scale ${work.scale} of ${work.scales}, ${work.left}` : 'painting, beginning';
    }
    if (item.state === 'done') return `done in ${Math.round(item.seconds)} s`;
    if (item.state === 'stopped') return 'stopped; the picture so far is saved';
    return item.error ? 'failed: ' + item.error : item.state;
  };

  const keys = new Map();
  const row = item => {
    const node = keys.get(item.id) || make('li', {}, make('img', { src: thumb(item.wish.content), alt: '' }),
      make('div', { className: 'what' }, make('b', { textContent: nameOf(item.output) }), make('span')), make('div', { className: 'row' }));
    keys.set(item.id, node);
    node.className = item.state;
    node.querySelector('.what span').textContent = words(item);
    let bar = node.querySelector('progress');
    if (item.state === 'painting') {
      if (!bar) node.querySelector('.what').append(bar = make('progress', { max: 1, 'aria-label': 'Progress of ' + nameOf(item.output) }));
      bar.value = item.work ? item.work.fraction : 0;
    } else if (bar) bar.remove();
    if (node.dataset.state !== item.state) { // else the focus would be lost
      node.dataset.state = item.state;
      node.querySelector('.row').replaceChildren(...buttons(item));
    }
    return node;
  };

  by('queue-clear').addEventListener('click', () => tried(() => post('clear')));

  let orderKey = '';
  return {
    update: items => {
      const rows = items.map(row), key = items.map(item => item.id).join();
      if (key !== orderKey) by('queue').replaceChildren(...rows);
      orderKey = key;
      by('queue-empty').hidden = items.length > 0;
      by('queue-clear').hidden = !items.some(item => item.state === 'done');
    },
  };
})();

parts.push((() => {
  let key = null;
  return () => {
    const now = JSON.stringify(lists.results);
    if (now === key) return;
    key = now;
    by('history-empty').hidden = lists.results.length > 0;
    by('results').replaceChildren(...lists.results.map(result => {
      const name = nameOf(result.id), other = result.wish;
      const act = (text, go) => make('button', { type: 'button', textContent: text, 'aria-label': text + ': ' + name, onclick: go });
      const show = () => { look.at({ kind: 'result', id: result.id }); by('show').scrollIntoView({ block: 'nearest' }); };
      return make('li', {},
        make('button', { type: 'button', className: 'see', 'aria-label': 'Show ' + name, onclick: show },
          make('img', { src: thumb(result.id), alt: '', loading: 'lazy' })),
        make('span', { className: 'name', textContent: name }),
        make('p', { className: 'note', textContent: `${result.width} × ${result.height}` + (result.completed ? '' : ', stopped early')
          + (other ? ` · strength ${Math.round(100 * other.strength)} % · strokes × ${Number(other.styleScale.toPrecision(2))} · ${other.preset}` : '') }),
        make('div', { className: 'row' },
          ...(other ? [act('Change', () => { take(other, true); show(); by('settings').focus(); }),
            act('Larger', () => paint({ ...other, size: 2 * other.size }))] : []),
          act('Compare', () => look.against(result.id)),
          make('a', { className: 'button', href: at('file', { id: result.id }), download: name, textContent: 'Download', 'aria-label': 'Download ' + name })));
    }));
  };
})());
