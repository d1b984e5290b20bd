import { SetMetadata } from '@nestjs/common';
import type { AppConfig } from '../../config/app-config.js';

export const IS_PUBLIC = 'auth:public';

/** Lets everyone call a route or a controller; all others need an access token. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(IS_PUBLIC, true);

/** Lets everyone call a route or a controller where the configuration says so; elsewhere it is guarded as any other. */
export const PublicWhere = (isPublic: (config: AppConfig) => boolean): MethodDecorator & ClassDecorator =>
  SetMetadata(IS_PUBLIC, isPublic);
