'use strict';
for (const viewer of document.querySelectorAll('.viewer')) {
  const stage = viewer.querySelector('.stage'), split = viewer.querySelector('input');
  const picture = stage.querySelector('img');
  let zoom = 1, x = 0, y = 0, held = null;

  const show = () => {
    const { width, height } = stage.getBoundingClientRect();
    x = Math.min(0, Math.max(x, width * (1 - zoom)));
    y = Math.min(0, Math.max(y, height * (1 - zoom)));
    stage.style.setProperty('--zoom', zoom);
    stage.style.setProperty('--x', x + 'px');
    stage.style.setProperty('--y', y + 'px');
    stage.classList.toggle('zoomed', zoom > 1);
    stage.classList.toggle('pixels', zoom * width > 2 * picture.naturalWidth);
  };
  const zoomAt = (factor, px, py) => {
    const next = Math.min(16, Math.max(1, zoom * factor));
    x = px - (px - x) * next / zoom;
    y = py - (py - y) * next / zoom;
    zoom = next;
    show();
  };

  split.addEventListener('input', () => stage.style.setProperty('--split', split.value + '%'));
  stage.addEventListener('wheel', event => {
    event.preventDefault();
    const box = stage.getBoundingClientRect();
    zoomAt(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  stage.addEventListener('pointerdown', event => {
    stage.setPointerCapture(event.pointerId);
    held = { x: event.clientX - x, y: event.clientY - y };
    event.preventDefault();
  });
  stage.addEventListener('pointermove', event => {
    if (!held) return;
    if (zoom > 1) {
      x = event.clientX - held.x;
      y = event.clientY - held.y;
      show();
      return;
    }
    const box = stage.getBoundingClientRect();
    split.value = 100 * (event.clientX - box.left) / box.width;
    split.dispatchEvent(new Event('input'));
  });
  for (const end of ['pointerup', 'pointercancel']) stage.addEventListener(end, () => { held = null; });
  for (const button of viewer.querySelectorAll('[data-zoom]')) {
    button.addEventListener('click', () => {
      const box = stage.getBoundingClientRect();
      const way = Number(button.dataset.zoom);
      if (way) zoomAt(way > 0 ? 1.6 : 1 / 1.6, box.width / 2, box.height / 2);
      else { zoom = 1; show(); }
    });
  }
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', async () => {
    const text = button.parentElement.querySelector('pre');
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = 'copied';
    } catch { // no permission: selected, it can be copied by hand
      getSelection().selectAllChildren(text);
    }
  });
}
