/** Bugs to plant in the protocol, each with the promise that it breaks. docs/concurrency.md lists them for readers. */
import type { Broken } from './world';
import type { Edit } from './protocol';

export interface Planted {
  readonly bug: string;
  readonly edits: readonly Edit[];
  readonly breaks: Broken['property'];
}

function inLook(from: string, to: string): Edit {
  return { file: 'look', from, to };
}

const PROMISE = 'await Promise.all([ports.marks.raise(scope, cause), ports.rechecks.put(scope, SAFETY_NET_SECONDS)]);';
const CLEAR = 'if (await ports.marks.clear(scope, mark.etag)) continue;';
const WORK = 'const { again } = await work(mark, lease);';
const IS_HELD = '!held.isReleased && now() < held.renewedAt + LASTS - MARGIN';
const GO_ON = 'await ports.rechecks.put(scope, GO_ON_SECONDS);';

export const PLANTED: readonly Planted[] = [
  {
    bug: 'the event is acknowledged before the mark is up',
    edits: [inLook(PROMISE, PROMISE.replace('await Promise.all', 'void Promise.allSettled'))],
    breaks: 'empty promise',
  },
  {
    bug: 'a recheck is asked for and no mark is raised',
    edits: [inLook(PROMISE, 'await ports.rechecks.put(scope, SAFETY_NET_SECONDS);')],
    breaks: 'empty promise',
  },
  {
    bug: 'a mark is raised and no recheck asked for',
    edits: [inLook(PROMISE, 'await ports.marks.raise(scope, cause);')],
    breaks: 'nobody looks',
  },
  {
    bug: 'the recheck may come before its mark',
    edits: [inLook(PROMISE, 'await ports.rechecks.put(scope, 0);\n  await ports.marks.raise(scope, cause);')],
    breaks: 'nobody looks',
  },
  {
    bug: 'the mark is cleared before the look',
    edits: [inLook(CLEAR, ''), inLook(WORK, `await ports.marks.clear(scope, mark.etag);\n        ${WORK}`)],
    breaks: 'empty promise',
  },
  {
    bug: 'the mark is cleared whoever raised it meanwhile',
    edits: [
      inLook(CLEAR, "if (await ports.marks.clear(scope, (await ports.marks.read(scope))?.etag ?? '')) continue;"),
    ],
    breaks: 'empty promise',
  },
  {
    bug: 'one look has to do for every mark of a lease',
    edits: [
      inLook('for (let mark', 'let looked: Worked | undefined;\n      for (let mark'),
      inLook(WORK, 'const { again } = (looked ??= await work(mark, lease));'),
    ],
    breaks: 'empty promise',
  },
  {
    bug: 'a look that failed counts as a look',
    edits: [inLook(WORK, 'const { again } = await work(mark, lease).catch(() => ({ again: false }));')],
    breaks: 'empty promise',
  },
  {
    bug: 'a look that is not done clears the mark',
    edits: [inLook('if (again) return', `if (again) ${CLEAR}\n        if (again) return`)],
    breaks: 'nobody looks',
  },
  {
    bug: 'nobody goes on when time has run out or Azure is not done',
    edits: [inLook(GO_ON, '')],
    breaks: 'nobody looks',
  },
  {
    bug: 'no look at the mark after the release',
    edits: [inLook('} while (await ports.marks.read(scope));', '} while (false);')],
    breaks: 'late look',
  },
  {
    bug: 'the lease is kept when a look fails',
    edits: [
      inLook(
        '} finally {\n      await lease.release();\n    }',
        '} catch (error) {\n      throw error;\n    }\n    await lease.release();',
      ),
    ],
    breaks: 'stuck scope',
  },
  {
    bug: 'a recheck that finds the lease taken is dropped',
    edits: [inLook("if (looked === 'busy') await ports.rechecks.put(scope, SAFETY_NET_SECONDS);", '')],
    breaks: 'nobody looks',
  },
  {
    bug: 'a recheck that fails is dropped',
    edits: [inLook('await ports.rechecks.put(scope, TRY_AGAIN_SECONDS);', '')],
    breaks: 'nobody looks',
  },
  {
    bug: 'the work begins without the lease',
    edits: [
      inLook(
        'const lease = await ports.leases.acquire(scope);',
        'const lease = (await ports.leases.acquire(scope)) ?? { fence: 0, isHeld: () => true, release: async () => {} };',
      ),
    ],
    breaks: 'two writers',
  },
  {
    bug: 'the lease is renewed when it has run out',
    edits: [
      { file: 'lease', from: 'RENEW_EVERY = 20', to: 'RENEW_EVERY = 70' },
      { file: 'lease', from: IS_HELD, to: '!held.isReleased' },
    ],
    breaks: 'two writers',
  },
  {
    bug: 'the lease is trusted until a renewal is refused',
    edits: [{ file: 'lease', from: IS_HELD, to: '!held.isReleased' }],
    breaks: 'two writers',
  },
  {
    bug: 'the lease is trusted to its last second',
    edits: [{ file: 'lease', from: IS_HELD, to: '!held.isReleased && now() < held.renewedAt + LASTS' }],
    breaks: 'two writers',
  },
  {
    bug: 'nobody asks for the lease before writing',
    edits: [{ file: 'work', from: "if (!lease.isHeld()) throw new Error('the lease was lost');", to: '' }],
    breaks: 'two writers',
  },
  {
    bug: 'a look whose lease was lost counts as a look',
    edits: [
      {
        file: 'work',
        from: "if (!lease.isHeld()) throw new Error('the lease was lost');",
        to: 'if (!lease.isHeld()) return { again: false };',
      },
    ],
    breaks: 'nobody looks',
  },
];
