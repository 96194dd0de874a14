import { type EntityManager, In } from 'typeorm';
import { Team } from '../../entities/team.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { teamNameTaken, teamNotFound } from './errors.ts';

export const listTeams = ({ db }: Work): Promise<Team[]> => db.find(Team, { order: { name: 'ASC' } });

export const findTeams = ({ db }: Work, ids: readonly (string | null)[]): Promise<Team[]> =>
  db.findBy(Team, { id: In(ids.filter((id) => id !== null)) });

/** @throws {AppError} staff.team_name_taken */
export async function createTeam(work: Transaction, name: string): Promise<Team> {
  if (await work.db.existsBy(Team, { name })) throw teamNameTaken();
  const team = Object.assign(new Team(), { id: newId(), name, createdAt: work.now() });
  await work.db.insert(Team, team);
  work.audit({ deed: 'team-created', subject: { kind: 'team', id: team.id }, after: { name } });
  return team;
}

/** @throws {AppError} staff.team_not_found, staff.team_name_taken */
export async function renameTeam(work: Transaction, id: string, name: string): Promise<Team> {
  const team = await work.db.findOne(Team, { where: { id }, ...locked<Team>(work.db) });
  if (!team) throw teamNotFound();
  const before = team.name;
  if (before === name) {
    work.unchanged();
    return team;
  }
  if (await work.db.existsBy(Team, { name })) throw teamNameTaken();
  team.name = name;
  await work.db.save(Team, team);
  work.audit({ deed: 'team-renamed', subject: { kind: 'team', id }, before: { name: before }, after: { name } });
  return team;
}

/** @throws {AppError} staff.team_not_found */
export async function assertTeam(db: EntityManager, id: string | null): Promise<void> {
  if (id !== null && !(await db.existsBy(Team, { id }))) throw teamNotFound();
}
