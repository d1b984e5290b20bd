import { SetMetadata } from '@nestjs/common';

export const IS_ADMIN_ONLY = 'auth:admin-only';

/** Lets only administrators call a route or a controller; others get 403. */
export const AdminOnly = (): MethodDecorator & ClassDecorator => SetMetadata(IS_ADMIN_ONLY, true);
