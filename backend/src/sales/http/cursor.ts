import { SalesRequestError } from '../sales.errors.js';

/** Where a page ended, as an opaque text. */
export const encodeCursor = (key: string | number): string => Buffer.from(String(key)).toString('base64url');

/** @throws SalesRequestError where it is none of ours */
export function decodePosition(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const text = decodeText(cursor);
  return /^\d{1,15}$/.test(text) ? Number(text) : refuseCursor();
}

/** The month and the vegetable of the last row before; null at the beginning. */
export function decodeMonthKey(cursor: string | undefined): { month: number; vegetable: string } | null {
  if (cursor === undefined) return null;
  const match = /^(\d{6}) (.*)$/su.exec(decodeText(cursor));
  return match ? { month: Number(match[1]), vegetable: match[2]! } : refuseCursor();
}

export function decodeText(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const text = bytes.toString('utf8');
  return encodeCursor(text) === cursor && !text.includes('\0') ? text : refuseCursor();
}

function refuseCursor(): never {
  throw new SalesRequestError([{ pointer: '#/cursor', detail: 'is no cursor of a page of these rows' }]);
}
