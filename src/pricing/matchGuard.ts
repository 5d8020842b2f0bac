// Decides whether a price list's match rule names an id exactly or only resembles it. Needed because lists match by
// prefix: `claude-sonnet-5-5` starts like `claude-sonnet-5`, and `claude-opus-4-10` like `claude-opus-4-1`.

import { type MatchClause, type PricedModel } from './priceList';

/** What may follow a matched prefix without changing the model: dates, version marks, window and thinking choices. */
const harmlessRest =
  /^(?:[-@]20\d{2}-?\d{2}-?\d{2}|[-@:]latest|@default|-preview(?:-\d{2}-\d{2}|-\d{2}-\d{4}|-20\d{2}-?\d{2}-?\d{2})?|-exp(?:-\d{2}-\d{2})?|-00\d|-v\d+(?::\d+)?|:\d+|[-:]thinking|\[1m\])*$/;

/** The rule itself ends before or amid a date: `^gpt-5-nano-`, `^claude-sonnet-4-2025`, `^gemini-3-pro-preview`. */
function completesDate(value: string, rest: string): boolean {
  if (value.endsWith('-preview')) return /^-\d{2}-(\d{2}|20\d{2})$/.test(rest);
  return /-(20\d{2})?$/.test(value) && /^[\d-]+$/.test(rest) && /-20\d{2}-?\d{2}-?\d{2}$/.test(value + rest);
}

/** What may stand before a match in the middle: nothing, a region and vendor, or a provider's name. */
const harmlessStart = /^(?:[a-z0-9-]+[./])*(?:minimax-)?$/;

const expressions = new Map<string, RegExp>();

function expression(source: string): RegExp {
  let built = expressions.get(source);
  if (!built) expressions.set(source, (built = new RegExp(source)));
  return built;
}

/** `exact`, or how many characters agree when the id only begins like the model's, or undefined. */
export type MatchGrade = 'exact' | number | undefined;

function gradePart(clause: string, id: string): MatchGrade {
  const value = clause.slice(1);
  switch (clause[0]) {
    case '=':
      return id === value ? 'exact' : undefined;
    case '~':
      return expression(value).test(id) ? 'exact' : undefined;
    case '$':
      return id.endsWith(value) && harmlessStart.test(id.slice(0, -value.length)) ? 'exact' : undefined;
    default: {
      const at = clause[0] === '^' ? (id.startsWith(value) ? 0 : -1) : id.indexOf(value);
      if (at < 0 || !harmlessStart.test(id.slice(0, at))) return undefined;
      const rest = id.slice(at + value.length);
      if (harmlessRest.test(rest) || completesDate(value, rest)) return 'exact';
      // A number that goes on (4-1|0) or a word that goes on is another model altogether.
      return /^[^a-z0-9]/.test(rest) ? value.length : undefined;
    }
  }
}

function gradeClause(clause: MatchClause, id: string): MatchGrade {
  if (typeof clause === 'string') return gradePart(clause, id);
  const grades = clause.map((part) => gradePart(part, id));
  if (grades.includes(undefined)) return undefined;
  const inexact = grades.filter((grade) => typeof grade === 'number');
  return inexact.length > 0 ? Math.min(...inexact) : 'exact';
}

export interface ModelMatch {
  readonly model: PricedModel;
  readonly isExact: boolean;
}

/** The model that an id (lower case) names: an exact match, else the one that agrees in most characters. */
export function findModel(models: readonly PricedModel[], id: string): ModelMatch | undefined {
  let best: PricedModel | undefined;
  let bestLength = 0;
  for (const model of models)
    for (const clause of model.match) {
      const grade = gradeClause(clause, id);
      if (grade === 'exact') return { model, isExact: true };
      if (grade !== undefined && grade > bestLength) {
        best = model;
        bestLength = grade;
      }
    }
  return best && { model: best, isExact: false };
}
