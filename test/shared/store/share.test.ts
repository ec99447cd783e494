import { describe, expect, test } from '@jest/globals';
import { sharing } from '../../../shared/store/share';

describe('shared/store/share', () => {
  test('whoever asks during a read gets an answer that was read after the question', async () => {
    const ends: ((answer: string) => void)[] = [];
    const read = sharing(
      (key: string) => key,
      () => new Promise<string>((resolve) => ends.push(resolve)),
    );
    const first = read('a');
    const others = [read('a'), read('a'), read('a')];
    expect(ends).toHaveLength(1);
    ends[0]?.('old');
    expect(await first).toBe('old');
    await new Promise((resolve) => setImmediate(resolve));
    expect(ends).toHaveLength(2);
    ends[1]?.('new');
    expect(await Promise.all(others)).toEqual(['new', 'new', 'new']);
  });

  test('a read that fails fails those who shared it and nobody after them', async () => {
    let count = 0;
    const read = sharing(
      (key: string) => key,
      async () => {
        count += 1;
        if (count <= 2) throw new Error(`read ${count}`);
        return count;
      },
    );
    const asked = await Promise.allSettled([read('a'), read('a'), read('a')]);
    expect(asked.map((each) => each.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(count).toBe(2);
    expect(await read('a')).toBe(3);
  });
});
