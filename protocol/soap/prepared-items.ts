/** Items of a list that are written already, start and end tags included: the writer copies them as they are. */
export class PreparedItems {
  readonly chunks: readonly Buffer[];

  constructor(chunks: readonly Buffer[]) {
    this.chunks = chunks;
  }
}
