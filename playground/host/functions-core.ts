/** Supplies `@azure/functions-core`, the one module that exists only inside the Functions worker. */
import Module from 'node:module';
import type { AppFunction, Binding, FunctionMetadata, Handler, ProgrammingModel } from './model';

export type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation' | 'log';
type Hook = (context: Record<string, unknown>) => unknown;

/** What the app registered through the library while its entry files were loaded. */
export interface FunctionsCore {
  readonly functions: ReadonlyMap<string, AppFunction>;
  model(): ProgrammingModel | undefined;
  runHooks(name: HookName, context: Record<string, unknown>): Promise<void>;
  /** After this, registering a function is an error, as under the worker. */
  seal(): void;
}

type Log = (level: string, category: string, message: string) => void;

class Disposable {
  readonly #callOnDispose: () => void;
  constructor(callOnDispose: () => void) {
    this.#callOnDispose = callOnDispose;
  }
  dispose(): void {
    this.#callOnDispose();
  }
}

/**
 * Makes `require('@azure/functions-core')` answer with a module of our own, for every CommonJS module of this process.
 * `log` takes what the library itself has to say. Call it once, before the app is loaded.
 */
export function installFunctionsCore(log: Log): FunctionsCore {
  const functions = new Map<string, AppFunction>();
  const hooks = new Map<string, Hook[]>();
  let model: ProgrammingModel | undefined;
  let sealed = false;

  function registerFunction(metadata: FunctionMetadata, handler: Handler): Disposable {
    if (sealed) throw new Error('A function can only be registered during app startup.');
    if (functions.has(metadata.name)) throw new Error(`A function named "${metadata.name}" is already registered.`);
    functions.set(metadata.name, toAppFunction(metadata, handler));
    return new Disposable(() => functions.delete(metadata.name));
  }

  function registerHook(name: string, hook: Hook): Disposable {
    const registered = hooks.get(name) ?? [];
    hooks.set(name, registered);
    registered.push(hook);
    return new Disposable(() => void registered.splice(registered.indexOf(hook), 1));
  }

  replaceRequire('@azure/functions-core', {
    version: '4.0.0',
    hostVersion: '4.0.0',
    Disposable,
    log,
    registerFunction,
    registerHook,
    setProgrammingModel: (value: ProgrammingModel) => {
      model = value;
    },
    getProgrammingModel: () => model,
  });

  return {
    functions,
    model: () => model,
    seal: () => {
      sealed = true;
    },
    runHooks: async (name, context) => {
      for (const hook of hooks.get(name) ?? []) await hook(context);
    },
  };
}

function toAppFunction(metadata: FunctionMetadata, handler: Handler): AppFunction {
  const found = Object.entries(metadata.bindings).find(([, binding]) => isTrigger(binding));
  if (found === undefined) throw new Error(`Function "${metadata.name}" has no trigger.`);
  const [triggerName, trigger] = found;
  return { name: metadata.name, bindings: metadata.bindings, trigger, triggerName, handler };
}

function isTrigger(binding: Binding): boolean {
  return binding.type.toLowerCase().endsWith('trigger');
}

function replaceRequire(wanted: string, replacement: object): void {
  const original: (id: string) => unknown = Reflect.get(Module.prototype, 'require');
  const patched = new Proxy(original, {
    apply: (target, module, args) => (args[0] === wanted ? replacement : Reflect.apply(target, module, args)),
  });
  Reflect.set(Module.prototype, 'require', patched);
}
