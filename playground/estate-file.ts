/** Finds and reads the files a playground starts from: the estate (ARM JSON) and the policy that goes with it. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { at, isObject } from './json';
import { projectRoot } from './project-root';

/** The estate a playground starts with unless told. */
export const defaultEstate = 'hub-and-spoke';

/** A file that was named cannot be used; the message is one line that says which and why. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/**
 * Reads the resources of an estate: an array as `az … list` and Resource Graph print it, a `{value: […]}` page, or the
 * `resources` of an ARM template. `name` is a path, or the name of one of the estates that come along.
 * Throws InputError.
 */
export function readEstate(name: string): unknown[] {
  const path = estatePath(name);
  const parsed = parse(path);
  const resources = [parsed, at(parsed, 'value'), at(parsed, 'data'), at(parsed, 'resources')].find(Array.isArray);
  if (resources === undefined) {
    throw new InputError(`${path}: expected an array of ARM resources, {"value": […]} or a template's "resources"`);
  }
  const wrong = resources.findIndex((resource) => !isObject(resource));
  if (wrong >= 0) throw new InputError(`${path}: entry ${wrong} is not a resource`);
  return resources;
}

/** The policy file to use: the one named, else the one that belongs to the estate. Throws InputError when it is not there. */
export function policyPath(policy: string | undefined, estate: string): string {
  if (policy !== undefined) {
    const path = resolve(policy);
    if (!existsSync(path)) throw new InputError(`${policy}: no such policy file`);
    return path;
  }
  const own = join(projectRoot(), 'playground/policies', `${basename(estate, extname(estate))}.yaml`);
  return existsSync(own) ? own : join(projectRoot(), 'playground/policies', `${defaultEstate}.yaml`);
}

/** A policy that says nothing about sign-in leaves it alone: it could only be reported that nobody is named in it. */
export function guardsUnder(policy: string): NodeJS.ProcessEnv {
  const text = statSync(policy).isFile() ? readFileSync(policy, 'utf8') : '';
  const isAboutSignIn = /(?:^|[{,])\s*["']?(?:identity|signIn)["']?\s*:/m.test(text);
  return { GUARDRAIL_GUARDS: isAboutSignIn ? 'network,identity' : 'network' };
}

function estatePath(name: string): string {
  if (existsSync(name)) return resolve(name);
  const own = join(projectRoot(), 'playground/estates', `${name}.json`);
  if (/^[\w-]+$/.test(name) && existsSync(own)) return own;
  throw new InputError(`${name}: no such estate file`);
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InputError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
