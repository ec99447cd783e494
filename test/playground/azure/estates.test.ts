// The estates in playground/estates, read into the local Azure and written back.
import { expect, test } from '@jest/globals';
import { listAt, textAt } from '../../../playground/azure/json';
import { start, withoutEtags } from './local-azure';

test.each(['hub-and-spoke', 'hub-and-spoke-loose', 'single-vnet'])(
  'the estate %s is compliant with ARM: every resource can be written back',
  async (name) => {
    const other = await start({ name });
    const { body } = await other.control('GET', 'state');
    for (const resource of listAt(body, 'resources')) {
      const id = textAt(resource, 'id') ?? '';
      if (id.includes('Microsoft.Compute')) continue;
      expect([id, (await other.send('PUT', id, resource)).status]).toEqual([id, 200]);
    }
    const after = listAt((await other.control('GET', 'state')).body, 'resources');
    expect(withoutEtags(after)).toEqual(withoutEtags(listAt(body, 'resources')));
    await other.stop();
  },
);
