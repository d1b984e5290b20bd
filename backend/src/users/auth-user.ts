import type { User } from './entities/user.entity.js';

/** Who makes a request: what guards and handlers need of an account. `@CurrentUser()` injects it. */
export type AuthUser = Readonly<Pick<User, 'id' | 'email' | 'isActive' | 'isAdmin' | 'tokenVersion'>>;
