/** Markup that is safe to send: every value that went into it was escaped, or was markup itself. */
export class Html {
  constructor(readonly source: string) {}
}

type HtmlValue = string | Html | readonly Html[];

const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.source;
  if (typeof value === 'string') return escapeHtml(value);
  return value.map(render).join('');
}

/** Template tag for markup. Escapes what is put in, so that forgetting to escape is impossible; attribute values need quotes. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(render)));
}
