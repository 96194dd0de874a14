import type { PageQuery } from './app.ts';

/** Does the person follow the service account? */
export const followStates = { following: '已关注', not_following: '未关注', unknown: '未知' } as const;
export type FollowState = keyof typeof followStates;

/** A customer as staff see them; personal data masked. */
export interface StaffCustomerView {
  id: string;
  nickname: string | null;
  /** Like `138****0001`; null when not given. */
  phoneMasked: string | null;
  follow: FollowState;
  teamId: string | null;
  tags: string[];
  createdAt: string;
}

/** GET /staff/customers */
export interface CustomerListQuery extends PageQuery {
  /** Part of it. */
  nickname?: string | undefined;
  tag?: string | undefined;
  /** Id of a team, or `none`. */
  team?: string | undefined;
}

/** POST /staff/customers/:id/phone: every unmasking is recorded with its reason. */
export interface UnmaskBody {
  reason: string;
}

export interface UnmaskedPhoneView {
  /** In full; null when it was not given. */
  phone: string | null;
}

/** PUT /staff/customers/:id/tags: all of them. */
export interface CustomerTagsBody {
  tags: string[];
}

/** PUT /staff/customers/:id/team */
export interface CustomerTeamBody {
  /** null: nobody's in particular. */
  teamId: string | null;
}
