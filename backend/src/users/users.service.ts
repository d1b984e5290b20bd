import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager } from 'typeorm';
import { Repository } from 'typeorm';
import type { PageQueryDto } from '../common/crud/page.dto.js';
import { isUniqueViolation } from '../common/errors/database-errors.js';
import type { AuthUser } from './auth-user.js';
import type { CreateUserDto, UpdateMeDto, UpdateUserDto } from './dto/user-input.dto.js';
import { User } from './entities/user.entity.js';
import { PasswordHasher } from './password-hasher.js';
import { UserCache } from './user-cache.js';
import {
  EmailTakenError,
  LastAdminError,
  OwnAccountError,
  PasswordIncorrectError,
  UserNotFoundError,
} from './users.errors.js';

/** Any constant will do: changes that could leave no administrator take turns on it. */
const ADMIN_LOCK = 8_010_002;

/** Accounts: who may use the API, and who manages it. */
@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly hasher: PasswordHasher,
    private readonly cache: UserCache,
  ) {}

  listUsers(query: PageQueryDto): Promise<[User[], number]> {
    return this.users.findAndCount({
      order: { createdAt: 'ASC', id: 'ASC' },
      skip: query.offset,
      take: query.limit,
    });
  }

  /** @throws UserNotFoundError */
  async getUser(id: string): Promise<User> {
    const user = await this.users.findOneBy({ id });
    if (!user) {
      throw new UserNotFoundError();
    }
    return user;
  }

  findByEmail(email: string): Promise<User | null> {
    return this.users.findOneBy({ email: email.trim().toLowerCase() });
  }

  /** The account as guards see it; at most `AUTH_USER_CACHE_MS` old where another process changes it. */
  findAuthUser(id: string): Promise<AuthUser | null> {
    return this.cache.get(id, () =>
      this.users.findOne({
        where: { id },
        select: { id: true, email: true, isActive: true, isAdmin: true, tokenVersion: true },
      }),
    );
  }

  /** @throws EmailTakenError */
  async createUser(input: CreateUserDto): Promise<User> {
    const user = this.users.create({
      email: input.email,
      passwordHash: await this.hasher.hash(input.password),
      fullName: input.full_name ?? null,
      isActive: input.is_active ?? true,
      isAdmin: input.is_admin ?? false,
    });
    return saving(() => this.users.save(user));
  }

  /** Creates the account where its address is free, and says whether it did; several processes may try at once. */
  async ensureAdmin(email: string, password: string): Promise<boolean> {
    if (await this.findByEmail(email)) {
      return false;
    }
    const result = await this.users
      .createQueryBuilder()
      .insert()
      .values({ email: email.toLowerCase(), passwordHash: await this.hasher.hash(password), isAdmin: true })
      .orIgnore()
      .execute();
    return (result.raw as unknown[]).length > 0;
  }

  /**
   * Changes an account on an administrator's behalf.
   *
   * @throws UserNotFoundError, EmailTakenError, OwnAccountError, LastAdminError
   */
  async updateUser(admin: AuthUser, id: string, changes: UpdateUserDto): Promise<User> {
    const losesRights = changes.is_active === false || changes.is_admin === false;
    if (losesRights && id === admin.id) {
      throw new OwnAccountError();
    }
    const passwordHash =
      changes.password === undefined ? undefined : await this.hasher.hash(changes.password);
    return this.change(id, async (user, manager) => {
      if (losesRights) {
        await requireAnotherAdmin(manager, user);
      }
      apply(user, changes, passwordHash);
      user.isActive = changes.is_active ?? user.isActive;
      user.isAdmin = changes.is_admin ?? user.isAdmin;
      return manager.save(user);
    });
  }

  /**
   * Changes one's own account; e-mail address and password need the present password.
   *
   * @throws PasswordIncorrectError, EmailTakenError, UserNotFoundError
   */
  async updateMe(me: AuthUser, changes: UpdateMeDto): Promise<User> {
    const isSensitive = changes.email !== undefined || changes.password !== undefined;
    const present = await this.getUser(me.id);
    if (isSensitive && !(await this.hasher.verify(present.passwordHash, changes.current_password ?? ''))) {
      throw new PasswordIncorrectError();
    }
    const passwordHash =
      changes.password === undefined ? undefined : await this.hasher.hash(changes.password);
    return this.change(me.id, (user, manager) => {
      if (isSensitive && user.passwordHash !== present.passwordHash) {
        throw new PasswordIncorrectError(); // changed by someone else since it was checked
      }
      apply(user, changes, passwordHash);
      return manager.save(user);
    });
  }

  /** @throws UserNotFoundError, OwnAccountError, LastAdminError */
  async deleteUser(admin: AuthUser, id: string): Promise<void> {
    if (id === admin.id) {
      throw new OwnAccountError();
    }
    await this.change(id, async (user, manager) => {
      await requireAnotherAdmin(manager, user);
      await manager.remove(user);
      return user;
    });
  }

  /** Reads the account under a lock, lets it be changed, and has the cache forget it. */
  private async change(
    id: string,
    use: (user: User, manager: EntityManager) => Promise<User>,
  ): Promise<User> {
    try {
      return await saving(() =>
        this.users.manager.transaction(async (manager) => {
          await manager.query('SELECT pg_advisory_xact_lock($1)', [ADMIN_LOCK]);
          const user = await manager.findOne(User, { where: { id }, lock: { mode: 'pessimistic_write' } });
          if (!user) {
            throw new UserNotFoundError();
          }
          return use(user, manager);
        }),
      );
    } finally {
      this.cache.forget(id);
    }
  }
}

function apply(user: User, changes: UpdateMeDto | UpdateUserDto, passwordHash: string | undefined): void {
  user.email = changes.email ?? user.email;
  user.fullName = changes.full_name === undefined ? user.fullName : changes.full_name;
  if (passwordHash !== undefined) {
    user.passwordHash = passwordHash;
    user.tokenVersion += 1;
  }
}

/** The advisory lock of `change` keeps the count true until the end of the transaction. */
async function requireAnotherAdmin(manager: EntityManager, user: User): Promise<void> {
  if (!user.isAdmin || !user.isActive) {
    return;
  }
  if ((await manager.countBy(User, { isAdmin: true, isActive: true })) <= 1) {
    throw new LastAdminError();
  }
}

async function saving<T>(save: () => Promise<T>): Promise<T> {
  try {
    return await save();
  } catch (error) {
    throw isUniqueViolation(error, 'users_email_key') ? new EmailTakenError(error) : error;
  }
}
