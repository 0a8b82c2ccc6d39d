import { syntheticCatalogue } from '../../scripts/fixtures/synthetic-catalogue.ts';
import { DocumentPreparation } from './document-preparation.ts';
import { prepareDocument } from './prepared-document.ts';

const documents = [...syntheticCatalogue(3, 200)].map(({ document }) => document);

describe('documents that are prepared on a thread', () => {
  it('come out as they do without one, batches at the same time too, in the order given', async () => {
    await using preparation = new DocumentPreparation();
    const batches = [documents.slice(0, 80), documents.slice(80, 90), documents.slice(90)];
    const prepared = await Promise.all(batches.map((batch) => preparation.prepare(batch)));
    expect(prepared.flatMap((batch) => batch.documents)).toEqual(documents.map(prepareDocument));
  });

  it('give their bytes back when they are done with', async () => {
    await using preparation = new DocumentPreparation();
    const batch = await preparation.prepare(documents.slice(0, 80));
    const bytesOf = (): number[] =>
      batch.documents.flatMap((one) => {
        const fragments = 'revision' in one ? one.revision.fragments : '';
        return typeof fragments === 'string' ? [] : [fragments.buffer.byteLength];
      });
    const held = bytesOf();
    expect(held.length).toBeGreaterThan(0);
    expect(Math.min(...held)).toBeGreaterThan(0);
    batch[Symbol.dispose]();
    expect(bytesOf()).toEqual(held.map(() => 0));
  });

  it('are each told apart from one that cannot be imported, with its reason', async () => {
    await using preparation = new DocumentPreparation();
    const spoiled = documents.slice(0, 60).with(41, '<nonsense');
    const { documents: prepared } = await preparation.prepare(spoiled);
    expect(prepared.map((one) => 'problem' in one).indexOf(true)).toBe(41);
    expect(prepared.filter((one) => 'problem' in one)).toEqual([prepareDocument('<nonsense')]);
  });

  it('are given up when the preparation ends meanwhile', async () => {
    const preparation = new DocumentPreparation();
    const prepared = preparation.prepare(documents);
    const outcome = expect(prepared).rejects.toThrow(/thread/);
    await preparation[Symbol.asyncDispose]();
    await outcome;
  });
});
