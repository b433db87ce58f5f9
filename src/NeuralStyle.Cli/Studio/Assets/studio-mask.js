'use strict';
// Masks painted on the photograph: what stays as it is, and where each of several styles goes.
(() => {
  const longest = 1024;
  // by style: as it is seen on the photograph, and as the program knows it
  const seen = [[0, 114, 178], [230, 159, 0], [204, 121, 167], [0, 158, 115], [213, 94, 0], [240, 228, 66], [86, 180, 233], [90, 90, 90]];
  const known = [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 0, 255], [0, 255, 0], [255, 255, 0], [255, 0, 255], [0, 255, 255]];
  const same = (colour, data, i) => colour.every((value, channel) => value === data[i + channel]);
  const css = colour => `rgb(${colour.join(' ')})`;
  const nearest = (colours, data, i) => {
    const distance = colour => colour.reduce((sum, value, channel) => sum + (value - data[i + channel]) ** 2, 0);
    return colours.reduce((best, colour, index) => distance(colour) < distance(colours[best]) ? index : best, 0);
  };
  const protect = by('mask-protect'), regions = by('mask-regions'), cursor = by('mask-cursor'), area = by('canvases');
  let painted = { protect: false, regions: false }, brush = 'protect', at_ = { x: 0.5, y: 0.5 }, last = null, key = '';

  const layer = () => brush === 'protect' ? protect : regions;
  const radius = () => Number(by('brush').value) / 2 * protect.width / area.clientWidth;

  const stroke = (from, to) => {
    const canvas = layer(), pen = canvas.getContext('2d');
    pen.globalCompositeOperation = by('erase').checked ? 'destination-out' : 'source-over';
    pen.strokeStyle = brush === 'protect' ? '#2fbf71' : css(seen[Number(brush)]);
    pen.lineCap = 'round';
    pen.lineWidth = 2 * radius();
    pen.beginPath();
    pen.moveTo(from.x * canvas.width, from.y * canvas.height);
    pen.lineTo(to.x * canvas.width + 0.01, to.y * canvas.height);
    pen.stroke();
    painted[brush === 'protect' ? 'protect' : 'regions'] = true;
  };
  const place = point => {
    at_ = { x: Math.min(1, Math.max(0, point.x)), y: Math.min(1, Math.max(0, point.y)) };
    area.style.setProperty('--at-x', 100 * at_.x + '%');
    area.style.setProperty('--at-y', 100 * at_.y + '%');
  };
  const pointOf = event => {
    const box = area.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const clear = () => {
    for (const canvas of [protect, regions]) canvas.getContext('2d').clearRect(0, 0, canvas.width, canvas.height);
    painted = { protect: false, regions: false };
  };

  // pixels → the PNG that the program reads; nothing painted → null
  const exported = async (canvas, turn) => {
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height), turned = turn(pixels);
    if (!turned.data.some((value, i) => value !== 0 && i % 4 !== 3)) return null;
    copy.getContext('2d').putImageData(turned, 0, 0);
    const blob = await new Promise(done => copy.toBlob(done, 'image/png'));
    return (await post('mask', {}, blob)).id;
  };
  const grey = pixels => {
    const turned = new ImageData(pixels.width, pixels.height);
    for (let i = 0; i < pixels.data.length; i += 4) turned.data.set([pixels.data[i + 3], pixels.data[i + 3], pixels.data[i + 3], 255], i);
    return turned;
  };
  /** Where strokes meet, colours mix and could look like a third style: such a pixel goes to a style next to it. */
  const flat = ({ data, width, height }) => {
    const styles = Uint8Array.from({ length: width * height }, (_, pixel) =>
      data[4 * pixel + 3] < 128 ? 0 : seen.findIndex(colour => same(colour, data, 4 * pixel)) & 255); // 255: none
    const besides = pixel => {
      const [x, y, found] = [pixel % width, Math.floor(pixel / width), new Set()];
      for (let v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++) {
        for (let u = Math.max(0, x - 2); u <= Math.min(width - 1, x + 2); u++) found.add(styles[v * width + u]);
      }
      found.delete(255);
      return [...found];
    };
    const turned = new ImageData(width, height);
    for (const [pixel, style] of styles.entries()) {
      const candidates = style < 255 ? [style] : besides(pixel);
      const chosen = candidates.length ? candidates[nearest(candidates.map(other => seen[other]), data, 4 * pixel)] : 0;
      turned.data.set([...known[chosen], 255], 4 * pixel);
    }
    return turned;
  };

  // the reverse, for a mask of an earlier result; the file itself, because JPEG would change its borders
  const pictureOf = async id => {
    try {
      const answer = await fetch(at('file', { id }));
      return await createImageBitmap(new Blob([await answer.arrayBuffer()]), { colorSpaceConversion: 'none' });
    } catch { // a kind that browsers do not read
      const image = new Image();
      image.src = view(id);
      await image.decode();
      return image;
    }
  };
  const drawn = async (canvas, id, turn) => {
    const pen = canvas.getContext('2d');
    pen.drawImage(await pictureOf(id), 0, 0, canvas.width, canvas.height);
    const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < pixels.data.length; i += 4) turn(pixels.data, i);
    pen.putImageData(pixels, 0, 0);
    return true;
  };

  const keyNow = () => JSON.stringify([wish.content, wish.protect, wish.regions]); // what the canvases show
  const choices = () => [['protect', 'Keep the photograph', '#2fbf71'],
    ...(wish.styles.length > 1 ? wish.styles.map((id, i) => [String(i), 'Style ' + (i + 1) + ': ' + nameOf(id), css(seen[i])]) : [])];
  const open = async () => {
    by('mask-photo').src = view(wish.content);
    await by('mask-photo').decode();
    const { naturalWidth: width, naturalHeight: height } = by('mask-photo'), factor = Math.min(1, longest / Math.max(width, height));
    if (keyNow() !== key) {
      for (const canvas of [protect, regions]) [canvas.width, canvas.height] = [Math.round(width * factor), Math.round(height * factor)];
      painted = { protect: false, regions: false };
      if (wish.protect) painted.protect = await drawn(protect, wish.protect, (data, i) => { data[i + 3] = data[i]; data.set([47, 191, 113], i); });
      if (wish.regions) painted.regions = await drawn(regions, wish.regions, (data, i) => data.set(seen[nearest(known, data, i)], i));
      key = keyNow();
    }
    area.style.setProperty('--ratio', width / height);
    if (!choices().some(([value]) => value === brush)) brush = 'protect';
    by('brushes').replaceChildren(...choices().map(([value, text, colour]) => {
      const dot = make('i');
      dot.style.background = colour;
      return make('label', {}, make('input', { type: 'radio', name: 'brush-kind', value, checked: value === brush,
        onchange: () => { brush = value; } }), dot, text);
    }));
    by('masker').showModal();
    place(at_);
    setBrush();
  };
  const setBrush = () => area.style.setProperty('--brush', by('brush').value + 'px');

  const done = () => tried(async () => {
    wish.protect = painted.protect ? await exported(protect, grey) : null;
    wish.regions = painted.regions && wish.styles.length > 1 ? await exported(regions, flat) : null;
    key = keyNow();
    by('masker').close();
    changed();
  });

  area.addEventListener('pointerdown', event => {
    area.setPointerCapture(event.pointerId);
    last = pointOf(event);
    place(last);
    stroke(last, last);
    event.preventDefault();
  });
  area.addEventListener('pointermove', event => {
    const point = pointOf(event);
    place(point);
    if (!last) return;
    stroke(last, point);
    last = point;
  });
  for (const end of ['pointerup', 'pointercancel']) area.addEventListener(end, () => { last = null; });
  cursor.addEventListener('keydown', event => {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }, step = steps[event.key];
    if (!step && event.key !== ' ') return;
    event.preventDefault();
    if (step) place({ x: at_.x + 0.02 * step[0], y: at_.y + 0.02 * step[1] });
    else stroke(at_, at_);
  });
  by('brush').addEventListener('input', setBrush);
  by('mask-clear').addEventListener('click', clear);
  by('mask-open').addEventListener('click', () => tried(open));
  by('mask-done').addEventListener('click', done);
  by('mask-cancel').addEventListener('click', () => { key = ''; by('masker').close(); });
  by('masker').addEventListener('cancel', () => { key = ''; });
  parts.push(() => {
    by('mask-open').disabled = !wish.content;
    by('mask-note').textContent = [wish.protect ? 'a part is kept' : '', wish.regions ? 'styles by region' : ''].filter(Boolean).join(', ');
  });
})();

start();
