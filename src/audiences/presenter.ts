import { In } from 'typeorm';
import type { AudienceList } from '../../entities/audience-list.ts';
import type { Segment } from '../../entities/segment.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import { findTemplate } from '../../templates/messages/index.ts';
import { audienceListStates, type AudienceListView, type SegmentView } from '../contracts/audiences.ts';
import type { Work } from '../platform/work.ts';

/** Names of those who made them, by id. */
async function authorsOf({ db }: Work, made: readonly { createdBy: string }[]): Promise<ReadonlyMap<string, string>> {
  const members = await db.findBy(StaffMember, { id: In(made.map(({ createdBy }) => createdBy)) });
  return new Map(members.map(({ id, name }) => [id, name]));
}

export async function presentSegments(work: Work, segments: readonly Segment[]): Promise<SegmentView[]> {
  const authors = await authorsOf(work, segments);
  return segments.map(({ id, name, query, createdBy, createdAt, changedAt }) => ({
    id,
    name,
    query,
    createdBy: authors.get(createdBy) ?? '',
    createdAt: createdAt.toISOString(),
    changedAt: changedAt.toISOString(),
  }));
}

export async function presentLists(work: Work, lists: readonly AudienceList[]): Promise<AudienceListView[]> {
  const authors = await authorsOf(work, lists);
  return lists.map((list) => ({
    id: list.id,
    name: list.name,
    message: list.message,
    title: findTemplate(list.message)?.title ?? list.message,
    state: list.state,
    stateWords: audienceListStates[list.state],
    facts: list.facts,
    kept: list.kept,
    faulty: list.faulty,
    sha256: list.sha256,
    createdBy: authors.get(list.createdBy) ?? '',
    createdAt: list.createdAt.toISOString(),
  }));
}
