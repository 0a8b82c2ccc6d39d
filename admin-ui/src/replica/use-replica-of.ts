/** Whether anything can be decided here. */
import { useSyncOverview } from '../synchronization/synchronization-queries.ts';

/** The upstream server that decides in this relay's place; undefined where the relay is autonomous, or it is not known yet. */
export const useReplicaOf = (): string | undefined => useSyncOverview().data?.replicaOf;
