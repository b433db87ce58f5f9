'use strict';
const cards = [...document.querySelectorAll('.card')];
const search = document.querySelector('input[type=search]');
const choices = [...document.querySelectorAll('select[data-by]')];
const shown = document.querySelector('.filters output');

const filter = () => {
  const words = search.value.toLowerCase().split(/\s+/);
  let count = 0;
  for (const card of cards) {
    const name = card.dataset.name.toLowerCase();
    const fits = words.every(word => name.includes(word)) && choices.every(choice => !choice.value || card.dataset[choice.dataset.by] === choice.value);
    card.hidden = !fits;
    count += fits;
  }
  for (const row of document.querySelectorAll('.photos tbody tr')) row.hidden = !row.querySelector('.card:not([hidden])');
  shown.textContent = count === cards.length ? '' : count + ' of ' + cards.length;
};
for (const control of [search, ...choices]) control.addEventListener('input', filter);
filter();
