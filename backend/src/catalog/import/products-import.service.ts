import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { OverloadedError } from '../../common/errors/overloaded.error.js';
import { AppError } from '../../common/errors/app.error.js';
import { AdmissionGate } from '../../common/load/admission-gate.js';
import { AppConfig } from '../../config/app-config.js';
import type { ImportReportDto } from './dto/import-report.dto.js';
import { ProductImport } from './product-import.js';
import { UploadFile } from './upload-file.js';

/** Files at a time: each takes a connection, a processor and its size on disk. */
const MAX_IMPORTS = 2;

/** Takes files of products in. */
@Injectable()
export class ProductsImportService {
  private readonly gate = new AdmissionGate(MAX_IMPORTS, 0);

  constructor(
    private readonly config: AppConfig,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * Stores the valid rows of a request's file and reports the others. Reading begins when the whole file is there: an
   * upload that breaks off stores nothing. Where the process or the database fails afterwards, whole batches are
   * stored, and the same file may be sent again.
   *
   * @throws ImportUnreadableError, OverloadedError; AppError `payload-too-large`, `bad-request`
   */
  async importFile(request: FastifyRequest): Promise<ImportReportDto> {
    const leave = this.enter();
    try {
      const file = await UploadFile.receive(await openUpload(request), this.config.catalog.importMaxBytes);
      try {
        return await new ProductImport(this.dataSource, file).run();
      } finally {
        await file.close();
      }
    } finally {
      leave();
    }
  }

  private enter(): () => void {
    try {
      return this.gate.enter();
    } catch (error) {
      throw new OverloadedError(error);
    }
  }
}

/** The first file of a form, else the body itself. */
async function openUpload(request: FastifyRequest): Promise<Readable> {
  if (!request.isMultipart()) {
    if (request.body) return request.body as Readable;
    throw new AppError('validation-failed', {
      errors: [{ pointer: '#', detail: 'the body must be a file' }],
    });
  }
  // The limit is that of the inflated file, which is never smaller.
  const part = await request.file({ limits: { fileSize: Infinity, files: 1 } });
  if (part) return part.file;
  throw new AppError('validation-failed', { errors: [{ pointer: '#/file', detail: 'must be a file' }] });
}
