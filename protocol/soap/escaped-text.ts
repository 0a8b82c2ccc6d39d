/** Character data that is already escaped, in UTF-8: the writer copies it as it is. */
export class EscapedText {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}
