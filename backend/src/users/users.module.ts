import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { User } from './entities/user.entity.js';
import { FirstAdmin } from './first-admin.js';
import { PasswordHasher } from './password-hasher.js';
import { UserCache } from './user-cache.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([User])],
  controllers: [UsersController],
  providers: [UsersService, PasswordHasher, UserCache, FirstAdmin],
  exports: [UsersService, PasswordHasher],
})
export class UsersModule {}
