import { Column, Entity } from 'typeorm';
import { TimestampedEntity } from '../../common/entities/timestamped.entity.js';

/** An account. */
@Entity('users')
export class User extends TimestampedEntity {
  /** In lower case; unique (`users_email_key`). */
  @Column({ type: 'varchar', length: 254 })
  email!: string;

  /** Argon2id in PHC form. */
  @Column({ name: 'password_hash', type: 'varchar', length: 255 })
  passwordHash!: string;

  @Column({ name: 'full_name', type: 'varchar', length: 200, nullable: true })
  fullName!: string | null;

  @Column({ name: 'is_active', type: 'boolean', default: true })
  isActive!: boolean;

  @Column({ name: 'is_admin', type: 'boolean', default: false })
  isAdmin!: boolean;

  /** Counts password changes: a token of an older count is refused. */
  @Column({ name: 'token_version', type: 'integer', default: 0 })
  tokenVersion!: number;
}
