// Collects what was read until there is enough for one transaction: events and the marks that say how far they go are
// written together, so that a kill at any moment loses both or neither.
import { type LogEvent, type Place, type SkipReason } from '../agents/agent';
import { EventWriter, type Origin } from './eventWriter';
import { type Mark, type MarkedFile, type Marks } from './marks';
import { type Store } from './store';

const mostEvents = 4000;
/** Of logs read: so often at least others are let in. */
const usualBytes = 24 * 1024 * 1024;

interface PendingMark {
  readonly mark: Mark;
  readonly skips: ReadonlyMap<SkipReason, number>;
}

interface PendingEvent {
  readonly mark: MarkedFile;
  readonly event: LogEvent;
  readonly place: Place | undefined;
}

export class Batch {
  readonly #store: Store;
  readonly #mostBytes: number;
  readonly #marks: Marks;
  readonly #writer: EventWriter;
  #pendingMarks = new Map<string, PendingMark>();
  #events: PendingEvent[] = [];
  #bytes = 0;

  constructor(store: Store, marks: Marks, mostBytes = usualBytes) {
    this.#store = store;
    this.#mostBytes = mostBytes;
    this.#marks = marks;
    this.#writer = new EventWriter(store);
  }

  get isFull(): boolean {
    return this.#events.length >= mostEvents || this.#bytes >= this.#mostBytes;
  }

  add(mark: MarkedFile, event: LogEvent, place: Place | undefined): void {
    this.#events.push({ mark, event, place });
  }

  addBytes(count: number): void {
    this.#bytes += count;
  }

  /** How far a file has been read with the events added so far. */
  setMark(mark: Mark, skips: ReadonlyMap<SkipReason, number>): void {
    this.#pendingMarks.set(keyOf(mark), { mark, skips: new Map(skips) });
  }

  /**
   * Writes all. Where another program has written a file's mark meanwhile, it has read the same lines: the events are
   * merged all the same (they are known by their keys), the mark and its counts are left as they are. Answers whether
   * all marks were ours to write.
   */
  flush(): boolean {
    if (this.#pendingMarks.size === 0 && this.#events.length === 0) return true;
    const written = new Map<string, Mark>();
    let isOurs = true;
    try {
      this.#store.write(() => {
        for (const [key, { mark, skips }] of this.#pendingMarks) {
          const now = this.#marks.write(this.#numbered(mark), skips);
          if (now) written.set(key, now);
          else isOurs = false;
        }
        const origins = new Map<MarkedFile, Origin>();
        this.#writer.write(
          this.#events.map(({ mark, event, place }) => {
            let origin = origins.get(mark);
            if (!origin) origins.set(mark, (origin = this.#originOf(mark, written)));
            return { origin, event, place };
          }),
        );
        this.#writer.finish();
      });
    } catch (error) {
      this.#writer.forget();
      this.#marks.forget();
      throw error;
    }
    for (const mark of written.values()) this.#marks.remember(mark);
    if (!isOurs) this.#marks.forget();
    this.#pendingMarks = new Map();
    this.#events = [];
    this.#bytes = 0;
    return isOurs;
  }

  /** Number and version are those of the mark written last: its reader has not heard of it. */
  #numbered(mark: Mark): Mark {
    const { id, version } = this.#marks.get(mark.agent, mark.source, mark.path) ?? { id: 0, version: 0 };
    return { ...mark, id, version };
  }

  #originOf(mark: MarkedFile, written: ReadonlyMap<string, Mark>): Origin {
    const file = written.get(keyOf(mark))?.id ?? this.#fileId(mark);
    return { agent: mark.agent, file, bornMs: mark.bornMs };
  }

  #fileId(mark: MarkedFile): number {
    const row = this.#store.get(
      'SELECT id FROM files WHERE agent = ? AND source = ? AND path = ?',
      this.#store.idOf(mark.agent),
      mark.source,
      mark.path,
    );
    return Number(row?.['id'] ?? 0);
  }
}

function keyOf(mark: MarkedFile): string {
  return `${mark.agent}\n${mark.source}\n${mark.path}`;
}
