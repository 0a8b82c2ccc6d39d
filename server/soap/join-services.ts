/** Services that share a path: one socket answers the operations of all of them there, and describes them together. */
import type { Operation } from '../../protocol/soap/table.ts';
import type { ImplementedService } from './implementation.ts';

/** @param services an operation that several have is answered by the first */
export function joinServices(services: readonly ImplementedService[]): ImplementedService[] {
  return [...Map.groupBy(services, ({ service }) => service.path.toLowerCase()).values()].flatMap(
    (sharing) => (sharing[0] === undefined || sharing.length === 1 ? sharing : [joined(sharing[0], sharing)]),
  );
}

function joined({ service }: ImplementedService, sharing: readonly ImplementedService[]): ImplementedService {
  const implemented = sharing.flatMap(({ operations }) => operations);
  const declared = sharing.flatMap((one): readonly Operation[] => one.service.operations);
  return {
    service: { ...service, operations: firstOfEach(declared, ({ name }) => name) },
    operations: firstOfEach(implemented, ({ operation }) => operation.name),
  };
}

const firstOfEach = <T>(items: readonly T[], nameOf: (item: T) => string): T[] =>
  [...Map.groupBy(items, nameOf).values()].flatMap(([first]) => (first === undefined ? [] : [first]));
