/**
 * What every benchmark answers. The last line printed is this object as JSON; `ratio` is the figure that the bar
 * speaks of, measured within one run, since machines differ.
 */
export interface BenchResult {
  readonly bench: string;
  readonly quick: boolean;
  /** Ours against the floor or a peer, of the same run. */
  readonly ratio: number;
  /** What `ratio` must reach. */
  readonly bar: number;
  readonly ok: boolean;
  /** The raw figures, each named with its unit. */
  readonly figures: Readonly<Record<string, number>>;
}

export interface BenchOptions {
  /** A smaller catalogue, done within 50 seconds on two cores. */
  readonly quick: boolean;
  /** Where progress goes; never the last line. */
  readonly say: (line: string) => void;
}

export type Benchmark = (options: BenchOptions) => Promise<BenchResult>;
