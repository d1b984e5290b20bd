const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/**
 * Writes messages in the protocol-buffer wire format (https://protobuf.dev/programming-guides/encoding): the few
 * field types that ONNX needs.
 */
export class ProtobufWriter {
  private readonly parts: Uint8Array[] = [];

  /** An int32, int64 or enum that is not negative and below 2^53. */
  integer(field: number, value: number): this {
    this.tag(field, VARINT);
    this.parts.push(varint(value));
    return this;
  }

  /** A 32-bit float. */
  float(field: number, value: number): this {
    this.tag(field, FIXED_32);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.parts.push(bytes);
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    this.tag(field, LENGTH_DELIMITED);
    this.parts.push(varint(value.length), value);
    return this;
  }

  /** Integers of one packed repeated field. */
  packedIntegers(field: number, values: readonly number[]): this {
    return this.bytes(field, Buffer.concat(values.map(varint)));
  }

  message(field: number, write: (message: ProtobufWriter) => void): this {
    const nested = new ProtobufWriter();
    write(nested);
    return this.bytes(field, nested.finish());
  }

  /** The encoded message. */
  finish(): Uint8Array {
    return Buffer.concat(this.parts);
  }

  private tag(field: number, wireType: number): void {
    this.parts.push(varint(field * 8 + wireType));
  }
}

function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${value} cannot be written as a varint`);
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
