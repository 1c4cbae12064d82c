import { examples } from './examples.js';

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function step(example, open) {
  const label = [element('span', { className: 'example-title', textContent: example.title })];
  if (example.hint) label.push(element('span', { className: 'example-hint', textContent: example.hint }));
  if (example.href) return element('a', { className: 'example', target: '_blank' }, ...label);
  return element('button', { type: 'button', className: 'example', onclick: () => open(example) }, ...label);
}

/** Fills the side list with the examples by group, and marks those whose operation has run without an error. */
export function showExamples(list, journey, open) {
  const steps = new Map(examples.map((example) => [example, step(example, open)]));
  for (const [group, members] of Map.groupBy(examples, (example) => example.group)) {
    const items = members.map((example) => element('li', {}, steps.get(example)));
    list.append(element('h3', { textContent: group }), element('ol', {}, ...items));
  }

  const refresh = () => {
    for (const [example, entry] of steps) {
      if (example.href) entry.href = example.href(journey);
      entry.classList.toggle('done', journey.done.has(example));
    }
  };
  journey.addEventListener('change', refresh);
  refresh();
}
