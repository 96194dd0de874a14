import { Entity, Index } from 'typeorm';
import type { StaffPermission } from '../src/contracts/staff.ts';
import { id, instant, json, ref, text } from './columns.ts';

/** Lets a machine act as the staff member who made it, within what the key says and the member may. Only its hash is kept. */
@Entity('api_keys')
@Index(['keyHash'], { unique: true })
@Index(['memberId'])
export class ApiKey {
  @id()
  id!: string;

  @text(64)
  name!: string;

  /** First characters of the key, to recognise it by. */
  @text(16)
  prefix!: string;

  /** SHA-256 of the key, hex. */
  @text(64)
  keyHash!: string;

  @ref()
  memberId!: string;

  @json()
  permissions!: StaffPermission[];

  @instant()
  createdAt!: Date;

  @instant()
  expiresAt!: Date;

  @instant({ nullable: true })
  revokedAt: Date | null = null;

  /** To the minute. */
  @instant({ nullable: true })
  lastUsedAt: Date | null = null;
}
