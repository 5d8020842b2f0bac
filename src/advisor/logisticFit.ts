// Ordinal logistic regression with a ridge: several yes/no cuts of one scale share their weights, each has its own
// intercept. Newton steps, each solved by conjugate gradients. Knows nothing of prompts.

/** One row: the indices of its non-zero columns and their values, and what its score already has from elsewhere. */
export interface FitRow {
  readonly columns: readonly number[];
  readonly values: readonly number[];
  readonly offset?: number;
}

export interface OrdinalFit {
  readonly weights: Float64Array;
  /** One per cut: p(cut holds) = 1 / (1 + exp(-(score + intercept))). */
  readonly intercepts: Float64Array;
}

/** `cuts[k][i]` = does cut k hold for row i (1 or 0). `ridge` = penalty per column, counted against one cut's rows. */
export function fitOrdinal(
  rows: readonly FitRow[],
  cuts: readonly (readonly number[])[],
  ridge: Float64Array,
): OrdinalFit {
  const columns = ridge.length;
  const size = columns + cuts.length;
  const theta = new Float64Array(size);
  cuts.forEach((cut, k) => (theta[columns + k] = logit(clampShare(mean(cut)))));
  const penalty = ridge.map((one) => one * cuts.length);
  for (let step = 0; step < 12; step++) {
    const { gradient, curvature } = slopes(rows, cuts, theta, penalty);
    const move = solve((vector) => product(rows, curvature, cuts.length, penalty, vector), gradient);
    let largest = 0;
    for (let j = 0; j < size; j++) {
      theta[j]! -= move[j]!;
      largest = Math.max(largest, Math.abs(move[j]!));
    }
    if (largest < 1e-5) break;
  }
  return { weights: theta.slice(0, columns), intercepts: theta.slice(columns) };
}

export const logit = (share: number): number => Math.log(share / (1 - share));
export const logistic = (score: number): number => 1 / (1 + Math.exp(-score));

const clampShare = (share: number): number => Math.min(0.999, Math.max(0.001, share));
const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);

function dot(row: FitRow, weights: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < row.columns.length; at++) sum += weights[row.columns[at]!]! * row.values[at]!;
  return sum;
}

function slopes(
  rows: readonly FitRow[],
  cuts: readonly (readonly number[])[],
  theta: Float64Array,
  penalty: Float64Array,
): { gradient: Float64Array; curvature: Float64Array } {
  const columns = penalty.length;
  const gradient = new Float64Array(theta.length);
  const curvature = new Float64Array(rows.length * cuts.length);
  rows.forEach((row, i) => {
    const score = dot(row, theta) + (row.offset ?? 0);
    let residue = 0;
    for (let k = 0; k < cuts.length; k++) {
      const p = logistic(score + theta[columns + k]!);
      const miss = p - cuts[k]![i]!;
      residue += miss;
      gradient[columns + k]! += miss;
      curvature[i * cuts.length + k] = Math.max(p * (1 - p), 1e-9);
    }
    for (let at = 0; at < row.columns.length; at++) gradient[row.columns[at]!]! += residue * row.values[at]!;
  });
  for (let j = 0; j < columns; j++) gradient[j]! += penalty[j]! * theta[j]!;
  return { gradient, curvature };
}

/** The curvature matrix times a vector, without ever forming the matrix. */
function product(
  rows: readonly FitRow[],
  curvature: Float64Array,
  cutCount: number,
  penalty: Float64Array,
  vector: Float64Array,
): Float64Array {
  const columns = penalty.length;
  const result = new Float64Array(vector.length);
  rows.forEach((row, i) => {
    const along = dot(row, vector);
    let sum = 0;
    for (let k = 0; k < cutCount; k++) {
      const part = curvature[i * cutCount + k]! * (along + vector[columns + k]!);
      sum += part;
      result[columns + k]! += part;
    }
    for (let at = 0; at < row.columns.length; at++) result[row.columns[at]!]! += sum * row.values[at]!;
  });
  for (let j = 0; j < columns; j++) result[j]! += penalty[j]! * vector[j]!;
  return result;
}

/** Conjugate gradients for a positive matrix given as a function. */
function solve(multiply: (vector: Float64Array) => Float64Array, target: Float64Array): Float64Array {
  const result = new Float64Array(target.length);
  const residue = target.slice();
  let direction = target.slice();
  let size = squared(residue);
  const enough = size * 1e-10;
  for (let step = 0; step < 120 && size > enough && size > 0; step++) {
    const image = multiply(direction);
    const length = size / direction.reduce((sum, one, j) => sum + one * image[j]!, 0);
    for (let j = 0; j < result.length; j++) {
      result[j]! += length * direction[j]!;
      residue[j]! -= length * image[j]!;
    }
    const next = squared(residue);
    const turn = next / size;
    direction = residue.map((one, j) => one + turn * direction[j]!);
    size = next;
  }
  return result;
}

const squared = (vector: Float64Array): number => vector.reduce((sum, one) => sum + one * one, 0);
