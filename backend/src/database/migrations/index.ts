import { CreateUsers1763600000000 } from './1763600000000-create-users.js';

/** Every migration, oldest first. A new one goes at the end, with a later timestamp in its class name. */
export const migrations = [CreateUsers1763600000000];
