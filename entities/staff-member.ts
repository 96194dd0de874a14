import { Entity, Index } from 'typeorm';
import type { StaffRole, StaffState } from '../src/contracts/staff.ts';
import { id, instant, json, longText, ref, state, text, whole } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

const NEXT: Record<StaffState, readonly StaffState[]> = {
  invited: ['active', 'disabled'],
  active: ['invited', 'disabled'],
  disabled: ['invited', 'active'],
};

/** Somebody who works for the agency. */
@Entity('staff_members')
@Index(['username'], { unique: true })
@Index(['invitationHash'], { unique: true })
export class StaffMember {
  @id()
  id!: string;

  /** Small letters; never changes. */
  @text(32)
  username!: string;

  @text(64)
  name!: string;

  @json()
  roles!: StaffRole[];

  @ref({ nullable: true })
  teamId: string | null = null;

  @state()
  state: StaffState = 'invited';

  /** argon2id in its own notation. */
  @text(255, { nullable: true })
  passwordHash: string | null = null;

  /** Encrypted at rest. */
  @longText({ nullable: true })
  totpSecretSealed: string | null = null;

  /** The last time step that a code was accepted for: no code counts twice. */
  @whole()
  totpStep: number = 0;

  /** SHA-256 of the invitation, hex; null when there is none to use. */
  @text(64, { nullable: true })
  invitationHash: string | null = null;

  @instant({ nullable: true })
  invitationEndsAt: Date | null = null;

  /** Sign-ins begun since the last one that went well. */
  @whole()
  attempts: number = 0;

  @instant({ nullable: true })
  lockedUntil: Date | null = null;

  @instant({ nullable: true })
  signedInAt: Date | null = null;

  @instant()
  createdAt!: Date;

  moveTo(next: StaffState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('staff member', this.state, next);
    this.state = next;
  }
}
