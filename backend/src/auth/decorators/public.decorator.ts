import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC = 'auth:public';

/** Lets everyone call a route or a controller; all others need an access token. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(IS_PUBLIC, true);
