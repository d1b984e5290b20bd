import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../common/errors/app.error.js';
import { ImageTooLargeError } from '../predictions.errors.js';

/** A form in memory: nothing is ever written to disk. */
export interface ProductForm {
  fields: Record<string, unknown>;
  image: Uint8Array | null;
}

/** UTF-8 takes at most four bytes for a character; longer texts are cut and refused. */
const FIELD_MAX_BYTES = 1024 * 1024;

/**
 * Reads a multipart form with at most one file, named `image`.
 *
 * @throws AppError `bad-request` where the form is broken, `image-too-large`, `validation-failed`
 */
export async function readProductForm(request: FastifyRequest, imageMaxBytes: number): Promise<ProductForm> {
  const form: ProductForm = { fields: {}, image: null };
  const limits = { fieldSize: FIELD_MAX_BYTES, fileSize: imageMaxBytes, fields: 16, files: 2, parts: 18 };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') form.image = await readFile(part, form.image);
      else if (part.valueTruncated) throw invalidField(part.fieldname, 'is too long');
      else if (part.fieldname in form.fields) throw invalidField(part.fieldname, 'is given twice');
      else form.fields[part.fieldname] = part.value;
    }
  } catch (error) {
    throw toFormError(error, imageMaxBytes);
  }
  return form;
}

async function readFile(part: MultipartFile, earlier: Uint8Array | null): Promise<Uint8Array> {
  if (part.fieldname !== 'image') throw invalidField(part.fieldname, 'is not a known file');
  if (earlier) throw invalidField('image', 'is given twice');
  return part.toBuffer();
}

function toFormError(error: unknown, imageMaxBytes: number): AppError {
  if (error instanceof AppError) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_REQ_FILE_TOO_LARGE') return new ImageTooLargeError(imageMaxBytes);
  if (statusCode === 413) return new AppError('payload-too-large', { cause: error });
  return new AppError('bad-request', { detail: 'The multipart form is broken', cause: error });
}

function invalidField(name: string, detail: string): AppError {
  const pointer = `#/${encodeURIComponent(name.toWellFormed())}`;
  return new AppError('validation-failed', { errors: [{ pointer, detail }] });
}
