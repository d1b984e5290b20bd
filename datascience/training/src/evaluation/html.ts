/** Markup that may stand in a page as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that no page may hold, or that would turn the page around them: controls, and what orders text. */

const UNPRINTABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A template of HTML: every value is escaped, also within quoted attributes, but `Markup` and lists of it, which other
 * templates made.
 */
export function html(
  parts: TemplateStringsArray,
  ...values: (string | number | Markup | Markup[])[]
): Markup {
  const filled = values.map((value, i) => render(value) + (parts[i + 1] as string));
  return new Markup(parts[0] + filled.join(''));
}

function render(value: string | number | Markup | Markup[]): string {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(({ text }) => text).join('');
  return String(value)
    .replace(UNPRINTABLE, '\u{fffd}')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
