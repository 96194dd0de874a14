import { IsNull } from 'typeorm';
import { ServiceVersion } from '../../entities/service-version.ts';
import type { Work } from '../platform/work.ts';
import type { ServiceDefinition } from './definition.ts';
import { serviceNotFound, versionChanged } from './errors.ts';

/** One version of a service. */
export interface Service {
  /** Of the `ServiceVersion`. */
  id: string;
  code: string;
  version: number;
  definition: ServiceDefinition;
}

/** Of services that were sold before this was asked of them. */
const EARLIER_DELIVERY: ServiceDefinition['delivery'] = { at: 'work_started', kind: 'virtual' };

/** Only `publishServices` writes definitions, and only checked ones. */
const serviceOf = ({ id, code, version, definition }: ServiceVersion): Service => ({
  id,
  code,
  version,
  definition: { delivery: EARLIER_DELIVERY, ...(definition as Omit<ServiceDefinition, 'delivery'>) },
});

/** What is sold now, in the order of the list. */
export async function findServicesOnSale(work: Work): Promise<Service[]> {
  const versions = await work.db.findBy(ServiceVersion, { withdrawnAt: IsNull() });
  return versions
    .map(serviceOf)
    .filter(({ definition }) => definition.onSale)
    .toSorted(
      (a, b) => a.definition.position - b.definition.position || (a.definition.code < b.definition.code ? -1 : 1),
    );
}

/** The version that is sold now; null when the service is not. */
async function findServiceOnSale(work: Work, code: string): Promise<Service | null> {
  const current = await work.db.findOneBy(ServiceVersion, { code, withdrawnAt: IsNull() });
  if (!current) return null;
  const service = serviceOf(current);
  return service.definition.onSale ? service : null;
}

/**
 * @param seenVersion the version that the customer saw before ordering; absent: whichever is sold now
 * @throws {AppError} catalogue.service_not_found; catalogue.version_changed when another version is sold by now
 */
export async function getServiceOnSale(work: Work, code: string, seenVersion?: number): Promise<Service> {
  const service = await findServiceOnSale(work, code);
  if (!service) throw serviceNotFound();
  if (seenVersion !== undefined && service.version !== seenVersion) throw versionChanged(service.version);
  return service;
}

/**
 * A given version, on sale or not: what an order was sold under.
 * @throws {AppError} catalogue.service_not_found
 */
export async function getServiceVersion(work: Work, code: string, version: number): Promise<Service> {
  const found = await work.db.findOneBy(ServiceVersion, { code, version });
  if (!found) throw serviceNotFound();
  return serviceOf(found);
}
