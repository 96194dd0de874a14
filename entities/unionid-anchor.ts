import { Entity, PrimaryColumn } from 'typeorm';
import { instant } from './columns.ts';

/**
 * One row a unionid, locked while that person's customers are decided. Two apps that meet a person at the same instant write
 * different identity rows and would not see each other; here they wait for one another.
 */
@Entity('unionid_anchors')
export class UnionidAnchor {
  @PrimaryColumn('varchar', { length: 64 })
  unionid!: string;

  @instant()
  lockedAt!: Date;
}
