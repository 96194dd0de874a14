import { Entity, Index } from 'typeorm';
import { id, instant, json, text, whole } from './columns.ts';

/** One version of a service as it was sold. Never changed once written: orders point at it. */
@Entity('service_versions')
@Index(['code', 'version'], { unique: true })
export class ServiceVersion {
  @id()
  id!: string;

  @text(64)
  code!: string;

  /** 1, 2, … */
  @whole()
  version!: number;

  /** SHA-256 of the definition, hex: the same text is the same version. */
  @text(64)
  hash!: string;

  /** The definition file, checked (see the catalogue). */
  @json()
  definition!: unknown;

  @instant()
  publishedAt!: Date;

  /** Set when a newer version replaced it or the service was withdrawn. */
  @instant({ nullable: true })
  withdrawnAt: Date | null = null;
}
