/** What filters are made of ([MS-WSUSSS] 3.1.4.5.3.2): an id, and whether only what is newer than the anchor is meant. */
import { arrayOf, boolean, complex, guid, required } from '../soap/table.ts';

/** Reserved: nothing is in it. */
export const Version = complex('Version', {});

export const IdAndDelta = complex('IdAndDelta', {
  Id: required(guid),
  Delta: required(boolean),
});

export const ArrayOfIdAndDelta = arrayOf('ArrayOfIdAndDelta', 'IdAndDelta', IdAndDelta, true);
