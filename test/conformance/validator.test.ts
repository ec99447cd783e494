// The validator on a specification of a few lines: what it lets pass, and what it finds.
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../playground/azure/json';
import type { Sketch } from './mini-spec';
import { exchangeOf, miniValidator, wall } from './mini-spec';
import { problemLine } from './report';
import type { Validator } from './validator';

const validator = miniValidator();

function found(sketch: Sketch, by: Validator = validator): string[] {
  return by.judge(exchangeOf(sketch)).problems.map(problemLine);
}

function answered(properties: JsonObject): string[] {
  return found({ answer: wall(properties) });
}

function written(properties: JsonObject, method = 'PUT'): string[] {
  return found({ method, sent: { properties: { height: 3, ...properties } }, answer: wall() });
}

describe('an answer passes', () => {
  test.each<[string, JsonObject]>([
    ['as it is declared', {}],
    ['with a value that an open enumeration does not name', { stone: 'Marble' }],
    ['with null for what may be left out', { stone: null, crown: null }],
    ['with anything where nothing is said', { anything: { deep: [1, 'two', null] } }],
    ['with a model inside itself', { neighbour: { ...wall(), properties: { height: 1, state: 'Built' } } }],
    ['with the variant that its discriminator names', { crown: { kind: 'Battled', merlons: 12, width: 2 } }],
    ['with the base model itself', { crown: { kind: 'Crown', width: 2 } }],
    ['with a moment in any zone', { builtOn: '2026-01-01T00:00:00.1234567+01:00' }],
  ])('%s', (_title, properties) => {
    expect(answered(properties)).toEqual([]);
  });
});

describe('an answer is found wrong', () => {
  test.each<[string, JsonObject, string]>([
    ['with a property that nobody declared', { moat: true }, 'body.properties.moat is not declared'],
    ['with another type', { height: '3' }, 'body.properties.height must be integer'],
    ['at an excluded limit', { height: 0 }, 'body.properties.height must be > 0'],
    ['beyond 32 bits', { height: 2 ** 40 }, 'body.properties.height must match format "int32"'],
    ['with a date that is none', { builtOn: 'yesterday' }, 'body.properties.builtOn must match format "date-time"'],
    [
      'with another casing',
      { stone: 'granite' },
      "body.properties.stone 'granite' is spelt 'Granite' in the specification",
    ],
    ['outside a closed enumeration', { builtBy: 'Giant' }, "body.properties.builtBy 'Giant' is none of Mason"],
    ['with null where null is ruled out', { owner: null }, 'body.properties.owner must be string'],
    ['with what is never answered', { secret: 's' }, 'body.properties.secret is never answered'],
    [
      'with a resource that lacks its id',
      { neighbour: { properties: { height: 1, state: 'x' } } },
      'body.properties.neighbour.id is missing',
    ],
    [
      'with a property of another variant',
      { crown: { kind: 'Crown', merlons: 1 } },
      'body.properties.crown.merlons is not declared',
    ],
    [
      'with a variant that nobody declared',
      { crown: { kind: 'Flat' } },
      "body.properties.crown.kind 'Flat' is none of Battled, Crown",
    ],
    ['without its discriminator', { crown: { width: 2 } }, 'body.properties.crown.kind is missing'],
  ])('%s', (_title, properties, problem) => {
    expect(answered(properties)).toEqual([`Walls_Get: answer.${problem}`]);
  });

  test('without what is required, read-only or not', () => {
    expect(found({ answer: { ...wall(), properties: {} } })).toEqual([
      'Walls_Get: answer.body.properties.height is missing',
      'Walls_Get: answer.body.properties.state is missing',
    ]);
  });

  test('with a status, a body or a media type of its own', () => {
    expect(found({ status: 203, answer: wall() })).toEqual(['Walls_Get: answer.status 203 is not declared']);
    expect(found({})).toEqual(['Walls_Get: answer.body is missing']);
    expect(found({ answer: wall(), headers: { 'content-type': 'text/plain' } })).toEqual([
      "Walls_Get: answer.header.content-type is 'text/plain'",
    ]);
  });

  test('when an error is not in the shape of errors', () => {
    expect(found({ status: 404, answer: { error: { code: 'NotFound', message: 'No.' } } })).toEqual([]);
    expect(found({ status: 404, answer: { error: { message: 'No.' }, why: 1 } })).toEqual([
      'Walls_Get: answer.body.why is not declared',
      'Walls_Get: answer.body.error.code is missing',
    ]);
  });
});

describe('a request', () => {
  test('need not hold what is read-only, required or not', () => {
    expect(written({})).toEqual([]);
    expect(written({ colour: 'red' })).toEqual([]);
  });

  test.each<[string, string, JsonObject, string]>([
    [
      'PUT',
      'with what is read-only',
      { state: 'Built' },
      'body.properties.state is read-only and not for a client to send',
    ],
    [
      'PATCH',
      'with what only a creation sets',
      { colour: 'red' },
      'body.properties.colour is read-only and not for a client to send',
    ],
    ['PUT', 'with what nobody declared', { moat: true }, 'body.properties.moat is not declared'],
  ])('%s is found wrong %s', (method, _title, properties, problem) => {
    const operation = method === 'PUT' ? 'Walls_CreateOrUpdate' : 'Walls_Update';
    expect(written(properties, method)).toEqual([`${operation}: request.${problem}`]);
  });

  test('is found wrong without a body, or with one that nobody asked for', () => {
    expect(found({ method: 'PUT', answer: wall() })).toEqual(['Walls_CreateOrUpdate: request.body is missing']);
    expect(found({ sent: {}, answer: wall() })).toEqual(['Walls_Get: request.body is not declared']);
  });

  test('is found wrong in its path and its query', () => {
    expect(found({ path: 'walls/North-1', answer: wall() })).toEqual([
      'Walls_Get: request.path.wallName must match pattern "^[a-z-]+$"',
    ]);
    expect(found({ path: 'walls', query: 'api-version=2030-01-01&$top=11&$skip=2', answer: { value: [] } })).toEqual([
      'Walls_List: request.query.$top must be <= 10',
      'Walls_List: request.query.$skip is not declared',
    ]);
  });

  test('that is refused is not judged; the refusal is', () => {
    const refusal = { error: { code: 'BadRequest', message: 'No.' } };
    expect(found({ method: 'PUT', sent: { moat: 1 }, status: 400, answer: refusal })).toEqual([]);
  });

  test('of another version, or for no operation, is found wrong when it is answered', () => {
    const [other] = found({ query: 'api-version=2031-01-01', answer: wall() });
    expect(other).toContain("request.query.api-version '2031-01-01' is none of 2030-01-01");
    const [none] = found({ path: 'walls/north/moats', answer: {} });
    expect(none).toContain('request.path has no such operation');
    expect(found({ path: 'walls/north/moats', status: 501, answer: {} })).toEqual([]);
    expect(validator.judge(exchangeOf({ path: '/subscriptions/s/providers/Else.Where/x', answer: 1 })).judged).toBe(
      'unspecified',
    );
  });

  test('at any scope finds its operation, the tenant included', () => {
    for (const scope of ['', '/subscriptions/s', '/subscriptions/s/resourceGroups/g/providers/A.B/c/d'])
      expect(found({ path: `${scope}/providers/Mini.Network/gates/main`, answer: {} })).toEqual([]);
  });
});

describe('a long-running operation', () => {
  const here = '/subscriptions/s/providers/Mini.Network/locations/here';
  const base = `https://management.azure.com${here}`;

  test('says where to ask', () => {
    const sent = { properties: { height: 3 } };
    const headers = { 'azure-asyncoperation': `${base}/operations/1` };
    expect(found({ method: 'PUT', sent, status: 201, answer: wall(), headers })).toEqual([]);
    expect(found({ method: 'PUT', sent, status: 201, answer: wall() })).toEqual([
      'Walls_CreateOrUpdate: answer.header.azure-asyncoperation|location is missing from the answer of a long-running operation',
    ]);
    expect(found({ method: 'DELETE', status: 202, headers })).toEqual([
      'Walls_Delete: answer.header.location is missing from the answer of a long-running operation',
    ]);
  });

  test('answers in the end as if it had run at once', () => {
    const fresh = miniValidator();
    const headers = { location: `${base}/operationResults/1`, 'azure-asyncoperation': `${base}/operations/1` };
    expect(found({ method: 'POST', path: 'walls/north/measure', status: 202, headers }, fresh)).toEqual([]);
    const result = { path: `${here}/operationResults/1`, query: '', answer: { feet: 9 } };
    expect(found(result, fresh)).toEqual([
      'Walls_Measure: answer.body.metres is missing',
      'Walls_Measure: answer.body.feet is not declared',
    ]);
    expect(found({ path: `${here}/operations/1`, query: '', answer: { status: 'succeeded' } }, fresh)).toEqual([
      "Operations_Get: answer.body.status 'succeeded' is spelt 'Succeeded' in the specification",
    ]);
  });
});

describe('a list', () => {
  test('is a list, and leads on by an absolute URL that may have a query of its own', () => {
    const fresh = miniValidator();
    const path = '/subscriptions/5ea1ab1e-0000-4000-8000-000000000001/providers/Mini.Network/walls';
    const query = 'api-version=2030-01-01&$skiptoken=2';
    const nextLink = `https://management.azure.com${path}?${query}`;
    expect(found({ path, answer: { value: [wall()], nextLink } }, fresh)).toEqual([]);
    expect(found({ path, query, answer: { value: [] } }, fresh)).toEqual([]);
    expect(found({ path, answer: { value: [], nextLink: '/walls?page=2' } })).toEqual([
      'Walls_List: answer.body.nextLink is no absolute URL',
    ]);
    expect(found({ path, answer: {} })).toEqual(['Walls_List: answer.body.value is no list']);
    expect(
      found({
        path,
        answer: {
          value: [
            { ...wall(), moat: 1 },
            { ...wall(), moat: 2 },
          ],
        },
      }),
    ).toEqual(['Walls_List: answer.body.value[].moat is not declared']);
  });
});
