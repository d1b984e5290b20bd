/** Characters of an error that are kept. */
const MAX_CHARACTERS = 4_000;
/** Characters of JSON that are kept of an error's or a result's details. */
const MAX_DETAILS = 32_000;

/** What went wrong, for people, with its causes where they say more. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let current: unknown = error; current !== undefined && current !== null && parts.length < 5;) {
    const message = current instanceof Error ? current.message : String(current);
    if (message !== '' && !parts.some((part) => part.includes(message))) parts.push(message);
    current = current instanceof Error ? current.cause : null;
  }
  const text = parts.join(': ').replaceAll('\0', '').toWellFormed() || 'unknown';
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text;
}

/** True where trying again without a change of the data is of no use. */
export function isPermanent(error: unknown): boolean {
  return error instanceof Error && (error as { isPermanent?: unknown }).isPermanent === true;
}

/** Which checks failed on which rows, where an error tells that. */
export function detailsOf(error: unknown): Record<string, unknown> | null {
  const failures = error instanceof Error ? (error as { failures?: unknown }).failures : undefined;
  return Array.isArray(failures) ? boundDetails({ failures }) : null;
}

/** Details as they are kept: plain JSON, and not without end. */
export function boundDetails(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const json = JSON.stringify(details).replaceAll('\\u0000', '');
  return json.length > MAX_DETAILS
    ? { omitted: `${json.length} characters` }
    : (JSON.parse(json) as Record<string, unknown>);
}
