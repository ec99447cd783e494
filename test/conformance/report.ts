// The outcome as people read it: a line per route, then the problems, then the sums.
import type { RouteReport } from './coverage';
import type { Deviation } from './deviations';
import type { Problem } from './problem';

function shortPath(path: string): string {
  return path
    .replace('/subscriptions/{subscription}/resourceGroups/{resourceGroup}', '{group}')
    .replace('/subscriptions/{subscription}', '{subscription}')
    .replaceAll(/\{(?!group|subscription|scope)[^}]+\}/g, '{}');
}

function count(problems: readonly Problem[], half: Problem['half'], specified: boolean): string {
  return specified ? String(problems.filter((problem) => problem.half === half).length) : '-';
}

/** Columns: exchanges that succeeded, request problems, answer problems (`-`: no specification), the route. */
export function routeTable(reports: readonly RouteReport[]): string[] {
  const lines = reports.map(({ route, exercised, specified, problems }) => {
    const columns = [String(exercised), count(problems, 'request', specified), count(problems, 'answer', specified)];
    return `${columns.map((column) => column.padStart(9)).join('')}  ${route.method.padEnd(6)} ${shortPath(route.path)}`;
  });
  return [`${['exercised', 'request', 'answer'].map((title) => title.padStart(9)).join('')}  route`, ...lines];
}

/** One problem in one line. */
export function problemLine({ operation, half, where, what }: Problem): string {
  return `${operation}: ${half}.${where} ${what}`;
}

/** One deviation in one line. */
export function deviationLine({ id, operation, where, what }: Deviation): string {
  return `${id} (${operation}: ${where} ${what})`;
}
