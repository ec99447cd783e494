// A specification of a few lines, to try the validator on without Microsoft's documents.
import type { JsonObject } from '../../playground/azure/json';
import type { Exchange } from './exchange';
import type { SpecFiles } from './spec-files';
import type { Validator } from './validator';
import { createValidator } from './validator';

const WALL = '/subscriptions/{subscriptionId}/providers/Mini.Network/walls/{wallName}';

/** `pointer` alone refers into the same document. */
function to(pointer: string, file = ''): JsonObject {
  return { $ref: `${file}#/${pointer}` };
}

const error = { description: 'Refused', schema: to('definitions/CloudError', './network.json') };
const wallAnswer = { description: 'The wall', schema: to('definitions/Wall') };
const apiVersion = { name: 'api-version', in: 'query', required: true, type: 'string' };
const subscription = { name: 'subscriptionId', in: 'path', required: true, type: 'string', format: 'uuid' };
const wallName = { name: 'wallName', in: 'path', required: true, type: 'string', pattern: '^[a-z-]+$' };

function body(model: string): JsonObject {
  return { name: 'parameters', in: 'body', required: true, schema: to(`definitions/${model}`) };
}

const longRunning = { 'x-ms-long-running-operation': true };

const document: JsonObject = {
  info: { version: '2030-01-01' },
  paths: {
    [WALL]: {
      parameters: [subscription, wallName, apiVersion],
      get: { operationId: 'Walls_Get', responses: { 200: wallAnswer, default: error } },
      put: {
        operationId: 'Walls_CreateOrUpdate',
        parameters: [body('Wall')],
        responses: { 200: wallAnswer, 201: wallAnswer, default: error },
        ...longRunning,
      },
      patch: {
        operationId: 'Walls_Update',
        parameters: [body('Wall')],
        responses: { 200: wallAnswer, default: error },
      },
      delete: {
        operationId: 'Walls_Delete',
        responses: { 202: { description: 'Accepted' }, 204: { description: 'Gone' }, default: error },
        ...longRunning,
        'x-ms-long-running-operation-options': { 'final-state-via': 'location' },
      },
    },
    [`${WALL}/measure`]: {
      post: {
        operationId: 'Walls_Measure',
        parameters: [subscription, wallName, apiVersion],
        responses: {
          200: { description: 'Measured', schema: to('definitions/Size') },
          202: { description: 'Accepted' },
        },
        ...longRunning,
      },
    },
    '/subscriptions/{subscriptionId}/providers/Mini.Network/walls': {
      get: {
        operationId: 'Walls_List',
        parameters: [subscription, apiVersion, { name: '$top', in: 'query', type: 'integer', maximum: 10 }],
        responses: { 200: { description: 'Walls', schema: to('definitions/WallList') }, default: error },
        'x-ms-pageable': { nextLinkName: 'nextLink' },
      },
    },
    '/{scope}/providers/Mini.Network/gates/{gateName}': {
      get: {
        operationId: 'Gates_Get',
        parameters: [
          { name: 'scope', in: 'path', required: true, type: 'string', 'x-ms-skip-url-encoding': true },
          { name: 'gateName', in: 'path', required: true, type: 'string' },
          apiVersion,
        ],
        responses: { 200: { description: 'A gate', schema: {} }, default: error },
      },
    },
  },
  definitions: {
    Size: { properties: { metres: { type: 'number' } }, required: ['metres'] },
    WallList: { properties: { value: { type: 'array', items: to('definitions/Wall') }, nextLink: { type: 'string' } } },
    Wall: {
      allOf: [to('definitions/SubResource', './network.json')],
      required: ['properties'],
      properties: {
        name: { type: 'string', readOnly: true },
        properties: to('definitions/WallProperties'),
        tags: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
    WallProperties: {
      required: ['height', 'state'],
      properties: {
        height: { type: 'integer', format: 'int32', minimum: 0, exclusiveMinimum: true },
        state: { type: 'string', readOnly: true },
        stone: { type: 'string', enum: ['Granite', 'Basalt'], 'x-ms-enum': { modelAsString: true } },
        builtBy: { type: 'string', enum: ['Mason'], 'x-ms-enum': { modelAsString: false } },
        builtOn: { type: 'string', format: 'date-time' },
        colour: { type: 'string', 'x-ms-mutability': ['create', 'read'] },
        secret: { type: 'string', 'x-ms-mutability': ['create', 'update'] },
        neighbour: to('definitions/Wall'),
        crown: to('definitions/Crown'),
        owner: { type: 'string', 'x-nullable': false },
        anything: {},
      },
    },
    Crown: {
      discriminator: 'kind',
      required: ['kind'],
      properties: { kind: { type: 'string' }, width: { type: 'integer' } },
    },
    Battlement: {
      'x-ms-discriminator-value': 'Battled',
      allOf: [to('definitions/Crown')],
      properties: { merlons: { type: 'integer' } },
    },
  },
};

const network: JsonObject = {
  info: { version: '2030-01-01' },
  paths: {},
  definitions: {
    SubResource: { 'x-ms-azure-resource': true, properties: { id: { type: 'string' } } },
    AzureAsyncOperationResult: {
      properties: { status: { type: 'string', enum: ['InProgress', 'Succeeded', 'Failed'] } },
    },
    CloudError: {
      properties: {
        error: { properties: { code: { type: 'string' }, message: { type: 'string' } }, required: ['code'] },
      },
    },
  },
};

const DOCUMENTS: Readonly<Record<string, JsonObject>> = { '/walls.json': document, '/network.json': network };

const specs: SpecFiles = {
  files: Object.keys(DOCUMENTS),
  read(file) {
    const found = DOCUMENTS[file];
    if (!found) throw new Error(`no document ${file}`);
    return found;
  },
};

/** A validator for the walls of `Mini.Network`. */
export function miniValidator(): Validator {
  return createValidator(specs, (path) => path.includes('/Mini.Network/'));
}

const SUBSCRIPTION = '/subscriptions/5ea1ab1e-0000-4000-8000-000000000001/providers/Mini.Network';
const VERSION = 'api-version=2030-01-01';

export interface Sketch {
  readonly method?: string;
  /** Below the provider; a leading slash makes it a whole path. Default: one wall. */
  readonly path?: string;
  readonly query?: string;
  readonly sent?: unknown;
  readonly status?: number;
  readonly answer?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An exchange with what the sketch says, and nothing wrong elsewhere. */
export function exchangeOf({ method = 'GET', path = 'walls/north', query = VERSION, ...rest }: Sketch): Exchange {
  const whole = path.startsWith('/') ? path : `${SUBSCRIPTION}/${path}`;
  const json: Record<string, string> = rest.answer === undefined ? {} : { 'content-type': 'application/json' };
  return {
    method,
    url: new URL(`https://management.azure.com${whole}?${query}`),
    requestHeaders: new Headers(),
    requestBody: rest.sent,
    status: rest.status ?? 200,
    answerHeaders: new Headers({ ...json, ...rest.headers }),
    answerBody: rest.answer,
  };
}

/** A wall as it is answered; `properties` are added to those that must be. */
export function wall(properties: JsonObject = {}): JsonObject {
  return { id: `${SUBSCRIPTION}/walls/north`, name: 'north', properties: { height: 3, state: 'Built', ...properties } };
}
