import { describe, expect, test } from '@jest/globals';
import { gathering } from '../../../shared/store/gather';

/** Writes that end when the test says so. */
function slowWrites() {
  const begun: { key: string; items: readonly number[]; end: () => void; fail: () => void }[] = [];
  const give = gathering<number>(
    (key, items) =>
      new Promise((resolve, reject) => {
        begun.push({ key, items: [...items], end: () => resolve(), fail: () => reject(new Error('no answer')) });
      }),
  );
  return { begun, give };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('shared/store/gather', () => {
  test('the first is written at once; what comes meanwhile goes with the next write, in order', async () => {
    const { begun, give } = slowWrites();
    const all = [give('a', 1), give('a', 2), give('a', 3)];
    expect(begun.map(({ items }) => items)).toEqual([[1]]);
    begun[0]?.end();
    await settled();
    expect(begun.map(({ items }) => items)).toEqual([[1], [2, 3]]);
    const late = give('a', 4);
    begun[1]?.end();
    await Promise.all(all);
    await settled();
    begun[2]?.end();
    await late;
    expect(begun.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
  });

  test('keys do not wait for each other', () => {
    const { begun, give } = slowWrites();
    void give('a', 1);
    void give('b', 2);
    expect(begun.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  test('a write that fails fails for those in it and for nobody else', async () => {
    const { begun, give } = slowWrites();
    const first = give('a', 1);
    const second = give('a', 2);
    begun[0]?.fail();
    await expect(first).rejects.toThrow('no answer');
    await settled();
    begun[1]?.end();
    await second;
    const third = give('a', 3);
    begun[2]?.end();
    await third;
  });
});
