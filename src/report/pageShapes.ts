// What the report's page is made of: cells, tables, a chart, filters, and what can be asked for from within it. Plain
// data that crosses to the page; knows no HTML, and texts from logs stay as they are: the page puts them in as text only.
import { type StackBy } from '../ledger/pageFacts';

export type { StackBy };

/** The sum that a figure is: by which key, beside the page's own filters. */
export interface SumName {
  readonly by: 'total' | 'day' | 'week' | 'month' | 'model' | 'agent' | 'project' | 'branch' | 'subagent';
  readonly key: string;
  /** A branch's project. */
  readonly project?: string;
}

export type PageAction =
  /** A session's or call's explanation. */
  | { readonly kind: 'explain'; readonly target: string }
  /** A sum's. */
  | { readonly kind: 'why'; readonly of: SumName }
  | { readonly kind: 'filter'; readonly by: 'agent' | 'project' | 'model'; readonly value: string }
  | {
      readonly kind: 'command';
      readonly name: 'addPrice' | 'treatAsKnownModel' | 'showDoctor';
      readonly argument?: string;
    };

export interface PageCell {
  readonly text: string;
  /** The figure in full: dollars, tokens or a count. */
  readonly value?: number;
  readonly action?: PageAction;
  /** What the action does, for a tooltip and a screen reader. */
  readonly hint?: string;
  /** The cell's words are read from the log once the page stands: a session's title, a prompt's opening. */
  readonly reads?: PageText;
}

export interface PageText {
  readonly agent: string;
  readonly sessionId?: string;
  readonly promptKey?: string;
}

export interface PageTable {
  readonly columns: readonly { readonly title: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly PageCell[])[];
}

export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly notes: readonly string[];
  readonly table: PageTable;
}

export interface PageChart {
  /** Days, Mondays of weeks or months, the earliest first; one without calls is a gap in the picture. */
  readonly steps: readonly string[];
  /** Dearest first; the last one gathers what has no colour of its own. Values are dollars, one a step. */
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly texts: readonly string[];
    readonly totalText: string;
  }[];
  readonly highestUsd: number;
  readonly highestText: string;
  /** What a screen reader says instead of the picture. */
  readonly summary: string;
  /** The same figures, split the same way. */
  readonly table: PageTable;
}

export interface PageRequest {
  readonly since: string;
  readonly until: string;
  readonly stackBy: StackBy;
  readonly agent?: string;
  readonly project?: string;
  readonly model?: string;
}

export interface PageChoice {
  readonly value: string;
  readonly label: string;
}

export interface PageModel {
  readonly title: string;
  readonly remarks: readonly string[];
  readonly request: PageRequest;
  readonly choices: Readonly<Record<'agent' | 'project' | 'model', readonly PageChoice[]>>;
  readonly tiles: readonly (PageCell & { readonly label: string })[];
  readonly chart: PageChart;
  readonly sections: readonly PageSection[];
  readonly isEmpty: boolean;
}

/** `vscode.l10n.t`, or any function that fills `{0}` in. */
export type Translate = (words: string, ...values: string[]) => string;

export interface PageSurroundings {
  readonly t: Translate;
  readonly locale: string;
  readonly timeZone: string;
  readonly machine: string;
  readonly pricesAsOf: string;
  /** The agent's own name for its id. */
  readonly agentLabel: (id: string) => string;
}
