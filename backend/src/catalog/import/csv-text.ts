import { isUtf8 } from 'node:buffer';

const ANY_HIGH_BYTE = /[\u0080-\u00ff]/;
const CONTROL = /[\u0080-\u009f]/g;
/**
 * What Windows-1252 has in the place of Latin-1's control characters from 0x80 on; the five that it leaves out stay
 * (https://encoding.spec.whatwg.org/index-windows-1252.txt). Node 20's own decoder takes it for Latin-1.
 */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** A text and whether it had to be read as Windows-1252. */
export interface DecodedText {
  text: string;
  isWindows1252: boolean;
}

/**
 * Decodes one field, each for itself: bytes that are no UTF-8 are Windows-1252. A file that two programs wrote is read
 * rightly, however late its first accent comes.
 *
 * @param bytes one character a byte
 */
export function decodeField(bytes: string): DecodedText {
  if (!ANY_HIGH_BYTE.test(bytes)) return { text: bytes, isWindows1252: false };
  const buffer = Buffer.from(bytes, 'latin1');
  return isUtf8(buffer)
    ? { text: buffer.toString('utf8'), isWindows1252: false }
    : { text: decodeWindows1252(bytes), isWindows1252: true };
}

function decodeWindows1252(bytes: string): string {
  return bytes.replace(CONTROL, (byte) => WINDOWS_1252.charAt(byte.charCodeAt(0) - 0x80));
}
