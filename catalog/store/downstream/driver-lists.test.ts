import fc from 'fast-check';
import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import type { Database } from '../database/database.ts';
import { driverLists } from './driver-lists.ts';
import type { DriverFilter } from './driver-lists.ts';

const idOf = (name: string): string =>
  `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`;

interface DriverRow {
  readonly name: string;
  readonly sequence: number;
  readonly isLatest: boolean;
  readonly devices: readonly string[];
  readonly categories: readonly string[];
}

interface SetRow {
  readonly name: string;
  readonly sequence: number;
  readonly isRemoved: boolean;
  readonly computers: readonly string[];
  readonly drivers: readonly string[];
  readonly categories: readonly string[];
}

interface World {
  readonly drivers: readonly DriverRow[];
  readonly sets: readonly SetRow[];
}

function store(db: Database, { drivers, sets }: World): void {
  db.exec('DELETE FROM revision; DELETE FROM driver_set;');
  const insert = db.prepare(
    `INSERT INTO revision (update_id, revision_number, update_type, publication_state, is_latest, is_leaf,
       explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, core, document)
     VALUES (?, 1, ?, 'Published', ?, 1, 1, '', '2026-01-01T00:00:00.000Z', ?, 'en', '', '', '')`,
  );
  // The category z is known to nobody.
  for (const category of ['x', 'y']) insert.run(idOf(category), 'Category', 1, 1);
  for (const { name, sequence, isLatest, devices, categories } of drivers) {
    const { lastInsertRowid } = insert.run(idOf(name), 'Driver', isLatest ? 1 : 0, sequence);
    for (const [ordinal, device] of devices.entries())
      db.prepare("INSERT INTO driver VALUES (?, ?, ?, '{}')").run(lastInsertRowid, ordinal, device);
    for (const category of categories)
      db.prepare('INSERT INTO revision_category VALUES (?, ?)').run(lastInsertRowid, idOf(category));
  }
  for (const { name, sequence, isRemoved, ...names } of sets) {
    db.prepare("INSERT INTO driver_set VALUES (?, '', ?, ?)").run(idOf(name), isRemoved ? 1 : 0, sequence);
    for (const guid of Object.values(names).flat())
      db.prepare('INSERT INTO driver_set_guid VALUES (?, ?)').run(idOf(name), idOf(guid));
  }
}

/** The section's sentences, one after the other, over plain lists. */
function reference({ drivers, sets }: World, filter: DriverFilter) {
  const known = filter.categories.filter(({ id }) => [idOf('x'), idOf('y')].includes(id));
  const isFor = (categories: readonly string[]): boolean =>
    filter.categories.length === 0 || known.some(({ id }) => categories.map(idOf).includes(id));
  const isWholeFor = (categories: readonly string[]): boolean =>
    known.some(({ id, delta }) => !delta && categories.map(idOf).includes(id));
  const latest = drivers.filter(({ isLatest }) => isLatest);

  const matchingSets = sets.filter((set) => {
    const categories = [
      ...set.categories,
      ...latest.filter(({ name }) => set.drivers.includes(name)).flatMap((driver) => driver.categories),
    ];
    const asked = filter.computers.filter(({ id }) => set.computers.map(idOf).includes(id));
    if (asked.length === 0 || !isFor(categories)) return false;
    if (set.sequence > filter.newerThan) return true;
    return !set.isRemoved && (asked.some(({ delta }) => !delta) || isWholeFor(categories));
  });
  const found = new Set<string>();
  for (const { name, sequence, devices, categories } of latest) {
    const asked = filter.devices.filter(({ id }) => devices.includes(id));
    const isWhole = asked.some(({ delta }) => !delta) || isWholeFor(categories);
    if (asked.length > 0 && isFor(categories) && (sequence > filter.newerThan || isWhole)) found.add(name);
  }
  for (const set of matchingSets.filter(({ isRemoved }) => !isRemoved))
    for (const { name } of latest) if (set.drivers.includes(name)) found.add(name);
  return {
    drivers: [...found].map(idOf).sort(),
    driverSets: matchingSets
      .filter((set) => !set.isRemoved)
      .map(({ name }) => idOf(name))
      .sort(),
    removedDriverSets: matchingSets
      .filter((set) => set.isRemoved)
      .map(({ name }) => idOf(name))
      .sort(),
  };
}

const sequence = fc.integer({ min: 1, max: 3 });
const driverNames = ['a', 'b', 'c', 'd'];
const world: fc.Arbitrary<World> = fc.record({
  drivers: fc.tuple(
    ...driverNames.map((name) =>
      fc.record({
        name: fc.constant(name),
        sequence,
        isLatest: fc.boolean(),
        devices: fc.subarray(['pci\\1', 'pci\\2', 'usb\\3']),
        categories: fc.subarray(['x', 'y', 'z']),
      }),
    ),
  ),
  sets: fc.tuple(
    ...['s', 't', 'u'].map((name) =>
      fc.record({
        name: fc.constant(name),
        sequence,
        isRemoved: fc.boolean(),
        computers: fc.subarray(['m', 'n']),
        drivers: fc.subarray(driverNames),
        categories: fc.subarray(['x', 'y', 'z']),
      }),
    ),
  ),
});

const asked = (ids: string[]) =>
  fc
    .subarray(ids)
    .chain((subset) =>
      fc.tuple(...subset.map((id) => fc.record({ id: fc.constant(id), delta: fc.boolean() }))),
    );
const filters: fc.Arbitrary<DriverFilter> = fc.record({
  newerThan: fc.nat(3),
  categories: asked(['x', 'y', 'z'].map(idOf)),
  computers: asked(['m', 'n', 'o'].map(idOf)),
  devices: asked(['pci\\1', 'pci\\2', 'usb\\3', 'usb\\4']),
});

describe('the drivers and driver sets for some hardware', () => {
  it('are what the rules say, for any catalogue and filter', () => {
    const db = emptyDatabase();
    let driversSeen = 0;
    let setsSeen = 0;
    fc.assert(
      fc.property(world, filters, (all, filter) => {
        store(db, all);
        const { drivers, ...sets } = driverLists(db, filter);
        driversSeen += drivers.length;
        setsSeen += sets.driverSets.length;
        expect({ drivers: drivers.map(({ updateId }) => updateId).sort(), ...sets }).toEqual(
          reference(all, filter),
        );
      }),
      { numRuns: 300 },
    );
    // What is compared is not always nothing.
    expect(driversSeen).toBeGreaterThan(100);
    expect(setsSeen).toBeGreaterThan(50);
  });
});
