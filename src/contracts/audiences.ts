import type { PageQuery } from './app.ts';
import type { FollowState } from './customers.ts';
import type { OrderState } from './states.ts';

/** Who: people whom one of these concerns. A list joins with “or” inside and with “and” between. */
export interface AudienceQuery {
  services?: string[] | undefined;
  packages?: string[] | undefined;
  orderStates?: OrderState[] | undefined;
  /** Code of a milestone that the order has reached. */
  milestone?: string | undefined;
  /** Code of a milestone that the order has still before it. */
  milestonePending?: string | undefined;
  /** Shanghai days, both included. */
  orderedFrom?: string | undefined;
  orderedTo?: string | undefined;
  provinces?: string[] | undefined;
  /** Part of the company's name. */
  company?: string | undefined;
  tags?: string[] | undefined;
  follow?: FollowState[] | undefined;
}

export type AudienceBody =
  { kind: 'query'; query: AudienceQuery } | { kind: 'segment'; segmentId: string } | { kind: 'list'; listId: string };

/** POST /staff/segments; PATCH takes any part of it. */
export interface SegmentBody {
  name: string;
  query: AudienceQuery;
}

export interface SegmentView {
  id: string;
  name: string;
  query: AudienceQuery;
  createdBy: string;
  createdAt: string;
  changedAt: string;
}

/** GET /staff/segments/:id/people: how many the filters find now. */
export interface SegmentPeopleView {
  people: number;
}

/** reading: not whole yet; of one that stays so the server ended half way, and it is removed by itself. */
export const audienceListStates = { reading: '读取中', ready: '可用' } as const;
export type AudienceListState = keyof typeof audienceListStates;

export interface AudienceListView {
  id: string;
  name: string;
  message: string;
  title: string;
  state: AudienceListState;
  stateWords: string;
  /** Facts that it gives for each person, by name. */
  facts: string[];
  /** Rows that were kept, one a person. */
  kept: number;
  /** Rows that were not; GET …/faults says why. */
  faulty: number;
  sha256: string;
  createdBy: string;
  createdAt: string;
}

/** One row of GET /staff/audience-lists/:id/faults */
export interface ListFaultView {
  /** As a spreadsheet counts: the titles stand in 1. */
  line: number;
  words: string;
}

/** GET /staff/audience-lists */
export interface AudienceListQuery extends PageQuery {
  message?: string | undefined;
}

/** POST /staff/audience-lists; the body is the file. */
export interface UploadListQuery {
  name: string;
  /** The message that the list is for. */
  message: string;
}

/** GET /staff/audience-lists/sample */
export interface SampleListQuery {
  message: string;
  format?: 'csv' | 'xlsx' | undefined;
}

/** GET /staff/audience-lists/:id/faults/export */
export interface FaultExportQuery {
  format?: 'csv' | 'xlsx' | undefined;
}
