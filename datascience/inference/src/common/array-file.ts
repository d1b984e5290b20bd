/** The kinds of array that a file holds. */
const TYPES = { Uint8Array, Uint16Array, Int16Array, Uint32Array, Float32Array } as const;
type TypeName = keyof typeof TYPES;

/** A typed array that a file can hold. */
export type PackedArray = Uint8Array | Uint16Array | Int16Array | Uint32Array | Float32Array;

interface HeaderEntry {
  type: TypeName;
  length: number;
}

/** Arrays start at a multiple of it. */
const ALIGNMENT = 8;
const LENGTH_BYTES = 4;

/**
 * Lays typed arrays out in one file: the byte length of the header (uint32), the header as JSON (type and length by
 * name), then each array, little-endian, each at a multiple of 8 bytes.
 */
export function packArrays(arrays: Readonly<Record<string, PackedArray>>): Uint8Array {
  const header: Record<string, HeaderEntry> = {};
  for (const [name, array] of Object.entries(arrays)) {
    header[name] = { type: array.constructor.name as TypeName, length: array.length };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  let size = align(LENGTH_BYTES + json.length);
  for (const array of Object.values(arrays)) size = align(size + array.byteLength);
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, LENGTH_BYTES);
  let offset = align(LENGTH_BYTES + json.length);
  for (const array of Object.values(arrays)) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset = align(offset + array.byteLength);
  }
  return bytes;
}

/** Arrays of a file by name, each asked for by its type. */
export interface UnpackedArrays {
  /** @throws RangeError where the file holds no such array of that type */
  get<T extends TypeName>(name: string, type: T, length?: number): InstanceType<(typeof TYPES)[T]>;
}

/**
 * Opens what `packArrays` wrote; the arrays are views of the bytes' own memory.
 *
 * @param file whole, starting at a multiple of 8 bytes of its buffer
 * @throws RangeError where it is cut off or no such file
 */
export function unpackArrays(file: ArrayBuffer): UnpackedArrays {
  if (file.byteLength < LENGTH_BYTES) throw new RangeError('The file is cut off');
  const headerLength = new DataView(file).getUint32(0, true);
  if (LENGTH_BYTES + headerLength > file.byteLength) throw new RangeError('The header is cut off');
  const header = parseHeader(new Uint8Array(file, LENGTH_BYTES, headerLength));
  const arrays = new Map<string, PackedArray>();
  let offset = align(LENGTH_BYTES + headerLength);
  for (const [name, { type, length }] of Object.entries(header)) {
    const Type = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
    if (!Type || !Number.isSafeInteger(length) || length < 0) throw new RangeError(`${name} is no array`);
    const end = offset + length * Type.BYTES_PER_ELEMENT;
    if (end > file.byteLength) throw new RangeError(`The file is cut off in ${name}`);
    arrays.set(name, new Type(file, offset, length));
    offset = align(end);
  }
  return {
    get: (name, type, length) => {
      const array = arrays.get(name);
      if (!(array instanceof TYPES[type]) || (length !== undefined && array.length !== length)) {
        throw new RangeError(
          `The file holds no ${type} "${name}"${length === undefined ? '' : ` of ${length}`}`,
        );
      }
      return array as InstanceType<(typeof TYPES)[typeof type]>;
    },
  };
}

function parseHeader(bytes: Uint8Array): Record<string, HeaderEntry> {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, HeaderEntry>;
  } catch (cause) {
    throw new RangeError('The header is no JSON', { cause });
  }
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
