// Answers questions about totals: sums by one dimension, from the days and quarter hours that are kept, prompts from
// their calls.
import { mondayOf } from './calendar';
import { callRows, figuresBy, type SumKey, type SumQuery } from './figuresBy';
import { type Store, type StoreRow, textIn } from './store';
import { type Sums } from './sums';
import { type Figures, sumUp, type Totals, type TotalsQuery } from './totals';

export { projectOf } from './figuresBy';

/** Totals without what was skipped. */
export function askTotals(store: Store, sums: Sums, { by, ...query }: TotalsQuery): Omit<Totals, 'skipped'> {
  return sumUp(by === 'prompt' ? promptParts(store, sums, query) : parts(store, sums, query, by));
}

function* parts(
  store: Store,
  sums: Sums,
  query: SumQuery,
  by: Exclude<TotalsQuery['by'], 'prompt'>,
): Iterable<[string, Figures]> {
  const key: SumKey = by === 'week' || by === 'month' ? 'day' : by;
  for (const part of figuresBy(store, sums, query, [key])) {
    const [name = ''] = part.keys;
    if (by === 'week') yield [mondayOf(name), part.figures];
    else if (by === 'month') yield [name.slice(0, 7), part.figures];
    else if (by === 'session')
      yield [textIn(store.get('SELECT name FROM sessions WHERE id = ?', Number(name)), 'name'), part.figures];
    else yield [name, part.figures];
  }
}

function* promptParts(store: Store, sums: Sums, query: SumQuery): Iterable<[string, Figures]> {
  const prompts = new PromptsByTime(store);
  for (const row of callRows(store, query)) yield [prompts.keyOf(row), sums.figuresOf(row)];
}

/** The prompt of calls whose log does not name one (subagents' logs): the session's last before the call. */
class PromptsByTime {
  readonly #store: Store;
  readonly #sessions = new Map<number, readonly { readonly atMs: number; readonly key: string }[]>();

  constructor(store: Store) {
    this.#store = store;
  }

  keyOf(row: StoreRow): string {
    if (typeof row['prompt'] === 'number')
      return textIn(this.#store.get('SELECT key FROM prompts WHERE id = ?', row['prompt']), 'key');
    const atMs = Number(row['at_ms']);
    return this.#promptsOf(Number(row['session'])).findLast((prompt) => prompt.atMs <= atMs)?.key ?? '';
  }

  #promptsOf(session: number): readonly { readonly atMs: number; readonly key: string }[] {
    let prompts = this.#sessions.get(session);
    if (!prompts) {
      prompts = this.#store
        .all('SELECT at_ms, key FROM prompts WHERE session = ? ORDER BY at_ms', session)
        .map((row) => ({ atMs: Number(row['at_ms']), key: textIn(row, 'key') }));
      this.#sessions.set(session, prompts);
    }
    return prompts;
  }
}
