/** Runs one invocation through the library's own invocation model and hands its outputs on. */
import { randomUUID } from 'node:crypto';
import type { FunctionsCore } from './functions-core';
import type { AppFunction, Binding, CoreInvocationContext, InvocationResponse, TriggerInput, TypedData } from './model';

/** What became of one invocation. */
export type InvocationResult =
  | { readonly ok: true; readonly returnValue: TypedData | null | undefined }
  | { readonly ok: false; readonly error: Error };

export interface Dispatcher {
  /** Runs `target` once. Never rejects: a handler's error is a result. */
  invoke(target: AppFunction, input: TriggerInput, reason: string): Promise<InvocationResult>;
  /** Names of the functions that are running right now, one entry per invocation. */
  running(): string[];
  /** How many invocations have ended since the host started. */
  completed(): number;
}

/** What the host tells whoever watches it. */
export type InvocationNotice =
  | { readonly type: 'started'; readonly id: string; readonly name: string; readonly reason: string }
  | { readonly type: 'log'; readonly id: string; readonly name: string; readonly level: string; readonly text: string }
  | {
      readonly type: 'ended';
      readonly id: string;
      readonly name: string;
      readonly milliseconds: number;
      readonly error?: string;
    };

export interface DispatcherOptions {
  readonly core: FunctionsCore;
  /** Delivers one output binding's value; its failure fails the invocation. */
  readonly deliver: (binding: Binding, data: TypedData) => Promise<void>;
  readonly notice: (notice: InvocationNotice) => void;
  /** host.json `functionTimeout` in milliseconds. */
  readonly timeoutMilliseconds: number;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const running = new Map<string, string>();
  let completed = 0;

  async function invoke(target: AppFunction, input: TriggerInput, reason: string): Promise<InvocationResult> {
    const id = randomUUID();
    const started = performance.now();
    running.set(id, target.name);
    options.notice({ type: 'started', id, name: target.name, reason });
    let result: InvocationResult;
    try {
      const response = await withTimeout(run(target, input, id), options.timeoutMilliseconds);
      await deliverOutputs(target, response);
      result = { ok: true, returnValue: response.returnValue };
    } catch (cause) {
      result = { ok: false, error: cause instanceof Error ? cause : new Error(String(cause)) };
    }
    running.delete(id);
    completed += 1;
    const milliseconds = performance.now() - started;
    const error = result.ok ? {} : { error: result.error.stack ?? result.error.message };
    options.notice({ type: 'ended', id, name: target.name, milliseconds, ...error });
    return result;
  }

  async function run(target: AppFunction, input: TriggerInput, id: string): Promise<InvocationResponse> {
    const model = options.core.model();
    if (model === undefined) throw new Error('The app never set a programming model.');
    const context = coreContext(target, input, id, options.notice);
    const invocation = model.getInvocationModel(context);
    const { context: invocationContext, inputs } = await invocation.getArguments();

    const hook = { hookData: {}, invocationContext, inputs, functionCallback: target.handler };
    context.state = 'preInvocationHooks';
    await options.core.runHooks('preInvocation', hook);
    context.state = 'invocation';
    const outcome: { result: unknown; error: unknown } = { result: undefined, error: undefined };
    try {
      outcome.result = await invocation.invokeFunction(invocationContext, hook.inputs, hook.functionCallback);
    } catch (error) {
      outcome.error = error;
    }
    context.state = 'postInvocationHooks';
    const after = { ...hook, ...outcome };
    await options.core.runHooks('postInvocation', after);
    if (after.error !== undefined && after.error !== null) throw after.error;
    return await invocation.getResponse(invocationContext, after.result);
  }

  async function deliverOutputs(target: AppFunction, response: InvocationResponse): Promise<void> {
    for (const { name, data } of response.outputData ?? []) {
      const binding = target.bindings[name];
      if (binding !== undefined) await options.deliver(binding, data);
    }
    const returned = target.bindings['$return'];
    if (returned === undefined || returned.type === 'http' || !response.returnValue) return;
    await options.deliver(returned, response.returnValue);
  }

  return { invoke, running: () => [...running.values()], completed: () => completed };
}

function coreContext(
  target: AppFunction,
  input: TriggerInput,
  id: string,
  notice: (notice: InvocationNotice) => void,
): CoreInvocationContext {
  return {
    invocationId: id,
    metadata: { name: target.name, bindings: target.bindings },
    request: {
      invocationId: id,
      functionId: target.name,
      inputData: [{ name: target.triggerName, data: input.value }],
      triggerMetadata: input.metadata,
    },
    log: (level, _category, text) => notice({ type: 'log', id, name: target.name, level, text }),
  };
}

async function withTimeout<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Timeout value of ${milliseconds} ms exceeded by function.`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
