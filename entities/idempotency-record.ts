import { Entity, Index } from 'typeorm';
import { id, instant, json, ref, text, whole } from './columns.ts';

/** The answer to a request that must not happen twice. */
@Entity('idempotency_records')
@Index(['customerId', 'requestKey'], { unique: true })
@Index(['createdAt'])
export class IdempotencyRecord {
  @id()
  id!: string;

  @ref()
  customerId!: string;

  @text(64)
  requestKey!: string;

  /** SHA-256 of method, path and body, hex. */
  @text(64)
  requestHash!: string;

  @whole()
  status!: number;

  @json()
  body!: unknown;

  @instant()
  createdAt!: Date;
}
