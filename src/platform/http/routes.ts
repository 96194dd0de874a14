import Router, { type RouterContext } from '@koa/router';
import type { StaffActor } from '../actor.ts';
import type { Desk } from '../work.ts';

/** Who is signed in at the customer door. */
export interface SignedIn {
  customerId: string;
  sessionId: string;
  identityId: string;
  appKind: 'official-account' | 'mini-program';
}

/** What the doors put on every request. */
export interface DoorState {
  requestId: string;
  /** The actor is whoever the door let in. */
  desk: Desk;
  /** Set behind the login of the customer door. */
  customer: SignedIn;
  /** Set behind the login of the staff door. */
  staff: StaffActor;
}

export type Context = RouterContext<DoorState>;
export type Routes = Router<DoorState>;

export const newRoutes = (): Routes => new Router<DoorState>();
