import type { Provider } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { CustomerSource } from './customer-source.js';
import { FolderSource } from './folder-source.js';
import { S3Source } from './s3-source.js';

/** The bucket where one is configured, else the folder. */
export const customerSourceProvider: Provider = {
  provide: CustomerSource,
  inject: [AppConfig],
  useFactory: ({ customers }: AppConfig): CustomerSource =>
    customers.s3 ? new S3Source(customers.s3) : new FolderSource(customers.dir),
};
