// Reads and parses long line logs beside the ledger's own thread, which only writes what it is sent. Started by
// readingThread.ts only; holds no logic of its own.
import { parentPort } from 'node:worker_threads';
import { agents } from '../agents/agents';
import { type LogEvent, type Place, type SkipReason } from '../agents/agent';
import { isReadError, LineFiles, type LineJob } from './lineFiles';
import { type Mark } from './marks';
import { mergeCalls } from './merge';
import { type ReadingDone, type ReadingOrder, type ReadPiece } from './readingThread';
import { type Sink } from './sink';
import { estimateTokens } from './textSize';

const mostEvents = 4000;
const mostBytes = 24 * 1024 * 1024;
/** Pieces on their way that have not been written: bounds the memory that both threads hold. */
const mostUnwritten = 2;

const port = parentPort!;
let unwritten = 0;
let goOn: (() => void) | undefined;

/** Gathers pieces; the rows of one call in one file are merged before they cross. */
class Piece implements Sink {
  #events: { file: number; event: LogEvent; place: Place | undefined }[] = [];
  #marks: { mark: Mark; skips: ReadonlyMap<SkipReason, number> }[] = [];
  #files: Mark[] = [];
  #calls = new Map<string, number>();
  #bytes = 0;

  get isFull(): boolean {
    return this.#events.length >= mostEvents || this.#bytes >= mostBytes;
  }

  add(mark: Mark, event: LogEvent, place: Place | undefined): void {
    if (this.#files.at(-1) !== mark) {
      this.#files.push(mark);
      this.#calls.clear();
    }
    const file = this.#files.length - 1;
    const known = event.kind === 'call' ? this.#calls.get(event.key) : undefined;
    if (known === undefined) {
      if (event.kind === 'call') this.#calls.set(event.key, this.#events.length);
      this.#events.push({ file, event, place });
      return;
    }
    const before = this.#events[known]!;
    const born = { bornMs: mark.bornMs, ownerBornMs: mark.bornMs };
    const copy = (of: { event: LogEvent; place: Place | undefined }) =>
      of.event.kind === 'call' ? { call: of.event, place: of.place, ...born } : undefined;
    const [a, b] = [copy(before), copy({ event, place })];
    if (!a || !b) return;
    const merged = mergeCalls(a, b);
    this.#events[known] = { file, event: merged.call, place: merged.place };
  }

  addBytes(count: number): void {
    this.#bytes += count;
  }

  setMark(mark: Mark, skips: ReadonlyMap<SkipReason, number>): void {
    this.#marks.push({ mark, skips: new Map(skips) });
  }

  async handOver(): Promise<void> {
    this.send();
    if (unwritten >= mostUnwritten) await new Promise<void>((resolve) => (goOn = resolve));
  }

  send(): void {
    const files = this.#files.map(({ agent, source, path, bornMs }) => ({ agent, source, path, bornMs }));
    const piece: ReadPiece = { kind: 'piece', files, events: this.#events, marks: this.#marks, bytes: this.#bytes };
    port.postMessage(piece);
    unwritten += 1;
    this.#events = [];
    this.#marks = [];
    this.#files = [];
    this.#calls.clear();
    this.#bytes = 0;
  }
}

async function readAll(jobs: readonly LineJob[]): Promise<void> {
  const piece = new Piece();
  const lines = new LineFiles(piece, estimateTokens);
  for (const job of jobs) {
    const source = agents.find(({ id }) => id === job.owner.agent)?.sources.find(({ id }) => id === job.owner.source);
    if (source?.kind !== 'lines') continue;
    try {
      await lines.read(source, job);
    } catch (error) {
      // The ledger tries it once more itself, and notes what is wrong.
      if (!isReadError(error)) throw error;
    }
    if (piece.isFull) await piece.handOver();
  }
  piece.send();
  port.postMessage({ kind: 'done', readBytes: lines.readBytes } satisfies ReadingDone);
}

port.on('message', (order: ReadingOrder) => {
  if (order.kind === 'read') {
    void readAll(order.jobs);
    return;
  }
  unwritten -= 1;
  goOn?.();
  goOn = undefined;
});
