// Which routes of the local Azure the recorded exchanges took, and what was found on each.
import { authorizationPath } from '../../playground/authorization/authorization-path';
import { authorizationRoutes } from '../../playground/authorization/router';
import { routeTaken, routesOf } from '../../playground/azure/routes';
import type { Exchange } from './exchange';
import type { Problem } from './problem';
import { problemKey } from './problem';
import type { Verdict } from './validator';

/** A route of either router: Azure Resource Manager's, or Microsoft.Authorization's own. */
export interface Route {
  readonly method: string;
  readonly path: string;
}

/** One route with what happened on it. */
export interface RouteReport {
  readonly route: Route;
  /** Exchanges that succeeded; a refusal alone does not exercise a route. */
  readonly exercised: number;
  /** False when no document at hand describes it, so that nothing could be held against it. */
  readonly specified: boolean;
  readonly problems: readonly Problem[];
}

/** Routes that answer nothing but a refusal, as Azure does. */
const ONLY_REFUSES = ['PUT /{scope}/providers/Microsoft.Authorization/roleManagementPolicies/{name}'];

/** The problems, each once. */
export function distinctProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problemKey(problem), problem])).values()];
}

function routeFinder(): { routes: readonly Route[]; find: (exchange: Exchange) => Route | undefined } {
  const general = routesOf();
  const authorization = authorizationRoutes();

  function find({ method, url }: Exchange): Route | undefined {
    const path = decodeURIComponent(url.pathname);
    const asked = authorizationPath(path);
    if (!asked) return routeTaken(general, { method, path: url.pathname });
    const ending = `${asked.name === undefined ? '' : '/{name}'}${asked.action === undefined ? '' : `/${asked.action}`}`;
    return authorization.find(
      (route) => route.method === method && route.path.endsWith(`/${asked.collection}${ending}`),
    );
  }
  return { routes: [...general, ...authorization], find };
}

function reportOn(route: Route, taken: readonly Verdict[]): RouteReport {
  const refuses = ONLY_REFUSES.includes(`${route.method} ${route.path}`);
  return {
    route,
    exercised: taken.filter(({ exchange }) => refuses || exchange.status < 400).length,
    specified: taken.some(({ judged }) => judged !== 'unspecified'),
    problems: distinctProblems(taken.flatMap(({ problems }) => problems)),
  };
}

/** A report for every route; exchanges that succeeded on no known route (there should be none) are given back, too. */
export function coverage(verdicts: readonly Verdict[]): {
  readonly routes: readonly RouteReport[];
  readonly stray: readonly Verdict[];
} {
  const { routes, find } = routeFinder();
  const byRoute = new Map<Route, Verdict[]>(routes.map((route) => [route, []]));
  const stray: Verdict[] = [];
  for (const verdict of verdicts) {
    const route = find(verdict.exchange);
    const taken = route && byRoute.get(route);
    if (taken) taken.push(verdict);
    else if (verdict.exchange.status < 400) stray.push(verdict);
  }
  return { routes: [...byRoute].map(([route, taken]) => reportOn(route, taken)), stray };
}
