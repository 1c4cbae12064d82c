/** Markup that is safe to send: every value that went into it was escaped, or was markup itself. */
export class Html {
  constructor(readonly source: string) {}
}

type HtmlValue = string | number | Html | readonly Html[];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.source;
  if (typeof value === 'string' || typeof value === 'number') return String(value).replace(/[&<>"']/g, (c) => entities[c]!);
  return value.map(render).join('');
}

/** Template tag for markup. Escapes what is put in, so that forgetting to escape is impossible; attribute values need quotes. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return new Html(strings.reduce((source, text, index) => source + render(values[index - 1]!) + text));
}
