'use strict';
// The large picture: a trial, a picture in work or a result, against another one.
const look = (() => {
  let shown = { kind: 'none' }, state = null, source = '', side = false;

  const targets = () => [...(wish.content ? [['photograph', wish.content]] : []),
    ...wish.styles.map((id, i) => ['style' + (wish.styles.length > 1 ? ' ' + (i + 1) : ''), id]),
    ...lists.results.map(result => [nameOf(result.id), result.id])];

  const setSource = (address, name) => {
    if (address === source) return;
    source = address;
    const next = new Image(); // shown when it is there: nothing flickers, and what ended meanwhile leaves no gap
    next.onload = () => {
      if (source !== address) return;
      for (const id of ['now', 'side-now']) Object.assign(by(id), { src: address, alt: name });
    };
    next.src = address;
  };

  const work = () => {
    if (shown.kind === 'trial') return state && state.trial && state.trial.cells[0];
    return state && state.queue.find(item => item.id === shown.id);
  };

  const show = () => {
    by('empty').hidden = shown.kind !== 'none';
    by('look').hidden = shown.kind === 'none';
    if (shown.kind === 'none') return;
    let title = 'Trial', note = '', fraction = 1;
    if (shown.kind === 'result') {
      title = nameOf(shown.id);
      const result = lists.results.find(other => other.id === shown.id);
      if (result) note = `${result.width} × ${result.height} pixels` + (result.completed ? '' : ', stopped early');
      setSource(view(shown.id), title);
    } else {
      const now = work();
      if (now) {
        const done = now.work;
        fraction = done ? done.fraction : now.state === 'done' ? 1 : 0;
        if (shown.kind === 'work') title = nameOf(now.output);
        const ended = now.state === 'done' || now.state === 'stopped';
        if (now.state === 'painting') note = done && done.iteration ? `${Math.round(100 * fraction)} % · ${done.left}` : 'beginning';
        else if (now.state === 'done') note = `ready in ${Math.round(10 * now.seconds) / 10} s`;
        else note = now.error || now.state;
        if (done && done.version) {
          setSource(shown.kind === 'trial' ? at('trial.jpg', { page, v: state.trial.id + '.' + done.version })
            : at('work.jpg', { id: shown.id, v: done.version }), title);
        }
        if (shown.kind === 'work' && ended && lists.results.some(result => result.id === now.output)) {
          say(nameOf(now.output) + ' is ' + (now.state === 'done' ? 'painted' : 'stopped; the picture so far is saved'));
          return at_({ kind: 'result', id: now.output });
        }
      }
    }
    by('show-title').textContent = title;
    by('progress-note').textContent = note;
    by('progress').value = fraction;
    by('progress').classList.toggle('whole', fraction >= 1);
    by('tag-right').textContent = by('side-now-name').textContent = title;
    showOther();
  };

  let targetKey = '';
  const showOther = () => {
    const list = targets(), key = list.join();
    if (key !== targetKey) {
      targetKey = key;
      const before = by('against').value;
      by('against').replaceChildren(...list.map(([name, id]) => make('option', { value: id, textContent: name })));
      if (list.some(([, id]) => id === before)) by('against').value = before;
    }
    const chosen = by('against').selectedOptions[0];
    const name = chosen ? chosen.textContent : '';
    by('tag-left').textContent = by('side-other-name').textContent = name;
    for (const id of ['other', 'side-other']) {
      const address = chosen ? view(chosen.value) : '';
      if (by(id).dataset.src !== address) {
        by(id).dataset.src = by(id).src = address;
        by(id).alt = name;
      }
    }
    by('tag-left').hidden = Number(by('split').value) < 2;
  };

  const at_ = next => {
    shown = next;
    memory.keep();
    if (next.kind === 'trial') source = '';
    show();
  };

  by('now').addEventListener('load', () => by('stage').style.setProperty('--ratio', by('now').naturalWidth / by('now').naturalHeight));
  by('split').addEventListener('input', () => { by('tag-left').hidden = Number(by('split').value) < 2; });
  by('against').addEventListener('change', () => {
    showOther();
    if (Number(by('split').value) < 5) {
      by('split').value = 50;
      by('split').dispatchEvent(new Event('input'));
    }
  });
  const setMode = isSide => {
    side = isSide;
    by('viewer').hidden = side;
    by('side').hidden = !side;
    by('mode-side').setAttribute('aria-pressed', String(side));
    by('mode-split').setAttribute('aria-pressed', String(!side));
  };
  by('mode-side').addEventListener('click', () => setMode(true));
  by('mode-split').addEventListener('click', () => setMode(false));
  parts.push(show);

  return {
    at: at_,
    shown: () => shown,
    against: id => {
      if (shown.kind === 'none') at_({ kind: 'result', id });
      showOther(); 
      by('against').value = id;
      by('against').dispatchEvent(new Event('change'));
    },
    update: next => { state = next; show(); },
  };
})();
