/** What a replica says of itself. */
const en = { replicaOf: (host: string) => `Replica of ${host}.` };
const ko: typeof en = { replicaOf: (host) => `${host}의 복제본입니다.` };

export const texts = { en, ko };
