const TOKENS = ['NaN', '-Infinity', 'Infinity'];

/**
 * Parses JSON as Python writes it: a data frame's missing value is sent as a bare `NaN` by MLflow's own client, which
 * is no JSON. It becomes null here.
 *
 * @throws SyntaxError
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!TOKENS.some((token) => text.includes(token))) throw error;
    return JSON.parse(replaceTokens(text));
  }
}

/** A scanner, for a regular expression over strings of many megabytes exhausts its stack. */
function replaceTokens(text: string): string {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') {
      i = endOfString(text, i);
      continue;
    }
    const token = TOKENS.find((candidate) => text.startsWith(candidate, i));
    if (token === undefined) continue;
    parts.push(text.slice(start, i), 'null');
    start = i + token.length;
    i = start - 1;
  }
  parts.push(text.slice(start));
  return parts.join('');
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}
