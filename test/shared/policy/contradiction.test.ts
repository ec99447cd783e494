import { describe, expect, test } from '@jest/globals';
import { CONTROL_IDS, CONTROLS } from '../../../shared/controls';
import { REPORT_ONLY_CONTROLS, SIGN_IN_CONTROLS } from '../../../shared/policy/identity-section';
import { parsePolicy } from '../../../shared/policy/parse';

const RG = '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg';
const HUB = `${RG}/providers/Microsoft.Network/virtualNetworks/vnet-hub`;
const SPOKE = `${RG}/providers/Microsoft.Network/virtualNetworks/vnet-spoke`;
const ANNA = '33333333-3333-4333-8333-333333333333';
const BEN = '44444444-4444-4444-8444-444444444444';
const REVIEW = 'owner: kim, reviewBy: 2027-01-31';

function problemsOf(text: string): string[] {
  const result = parsePolicy(`version: 1\n${text}`, CONTROL_IDS);
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('a policy that says two things at once', () => {
  test.each([
    [
      'the same port twice',
      'adminPorts: [{ port: 22 }, { port: 22, mode: report }]',
      /^adminPorts\.1: 22\/tcp is named twice/,
    ],
    [
      'a spoke that is a hub, in any casing',
      `topology: { hubs: ['${HUB}'], spokes: [{ id: '${HUB.toUpperCase()}' }] }`,
      /^topology\.spokes\.0\.id: the same network is a hub/,
    ],
    [
      'a network peered with itself',
      `topology: { approvedPeerings: [{ networks: ['${HUB}', '${HUB}'], ${REVIEW} }] }`,
      /^topology\.approvedPeerings\.0\.networks: a network cannot be peered with itself/,
    ],
    [
      'the same peering twice, the other way round',
      `topology: { approvedPeerings: [{ networks: ['${HUB}', '${SPOKE}'], ${REVIEW} }, { networks: ['${SPOKE}', '${HUB}'], ${REVIEW} }] }`,
      /^topology\.approvedPeerings\.1\.networks: the peering of these two networks is approved already/,
    ],
    [
      'a half that lends and borrows gateways',
      'topology: { hubToSpoke: { useRemoteGateways: true, allowGatewayTransit: true } }',
      /^topology\.hubToSpoke\.useRemoteGateways: Azure refuses/,
    ],
    [
      'a context that nothing asks for',
      'identity: { signIn: management-api, context: c1 }',
      /^identity\.context: it has no effect/,
    ],
    [
      'approvers where nothing is activated',
      `identity: { signIn: management-api, activation: { approvers: ['${ANNA}'] } }`,
      /^identity\.activation: it has no effect/,
    ],
    [
      'a break-glass account that may activate the role',
      `identity: { breakGlass: ['${ANNA}'], bastionRole: { principals: ['${BEN}', '${ANNA.toUpperCase()}'] } }`,
      /^identity\.bastionRole\.principals\.1: it is a break-glass account/,
    ],
    [
      'approvers who are all eligible themselves',
      `identity: { bastionRole: { principals: ['${ANNA}', '${BEN}'] }, activation: { approvers: ['${ANNA}'] } }`,
      /^identity\.activation\.approvers: all of them may activate/,
    ],
    [
      'a repair of what only ever reports',
      'controls: { no-standing-bypass: approve }',
      /^controls\.no-standing-bypass: this control only ever reports/,
    ],
    [
      'a repair of sign-in without break-glass accounts',
      'controls: { context-published: remediate }',
      /^controls\.context-published: a repair of sign-in can lock everybody out/,
    ],
    ['file transfer in the browser', 'bastion: { client: browser, fileTransfer: true }', /^bastion\.fileTransfer: /],
    [
      'recording of the native client',
      'bastion: { minimumSku: Premium, client: native, sessionRecording: true }',
      /^bastion\.sessionRecording: sessions of the native client cannot be recorded/,
    ],
    [
      'a private-only host of SKU Standard',
      'bastion: { minimumSku: Standard, privateOnly: true }',
      /^bastion\.privateOnly: /,
    ],
    ['custom ports of SKU Basic', 'bastion: { minimumSku: Basic, customPorts: [2222] }', /^bastion\.customPorts: /],
    ['an activation that PIM does not offer', 'identity: { activation: { maximumDuration: PT20M } }', /PIM offers/],
    ['an eligibility that PIM does not offer', 'identity: { eligibility: { maximumDuration: P17D } }', /P180D/],
  ])('is refused: %s', (_, text, message) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test.each([
    ['the same port for two protocols', 'adminPorts: [{ port: 3389 }, { port: 3389, protocol: udp }]'],
    [
      'gateways that one half lends and the other borrows',
      'topology: { hubToSpoke: { allowGatewayTransit: true }, spokeToHub: { useRemoteGateways: true } }',
    ],
    ['an empty section under management-api', 'identity: { signIn: management-api, activation: {} }'],
    [
      'an approver who is eligible beside one who is not',
      `identity: { bastionRole: { principals: ['${ANNA}'] }, activation: { approvers: ['${ANNA}', '${BEN}'] } }`,
    ],
    [
      'reporting of sign-in without break-glass accounts',
      'controls: { context-published: report, no-standing-bypass: off }',
    ],
    ['a repair of sign-in with one', `identity: { breakGlass: ['${ANNA}'] }\ncontrols: { context-published: approve }`],
    ['an activation of half hours, or of a day', 'identity: { activation: { maximumDuration: PT23H30M } }'],
  ])('is not seen in %s', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  test('is found beside sections that are not valid, and not where the invalid one decides', () => {
    const text = `bastion: { minimumSku: Gold }\nadminPorts: [{ port: 22 }, { port: 22 }]\ncontrols: { context-published: approve, subnet-has-nsg: mend }`;
    expect(problemsOf(text).map((problem) => problem.split(':')[0])).toEqual([
      'bastion.minimumSku',
      'adminPorts.1',
      'controls.context-published',
      'controls.subnet-has-nsg',
    ]);
    expect(problemsOf('identity: { breakGlass: [me] }\ncontrols: { context-published: approve }')).toHaveLength(1);
  });
});

describe('what the policy knows of controls', () => {
  test('is which of them only report, and which may change sign-in', () => {
    const reporting = CONTROLS.filter(({ reportOnly }) => reportOnly).map(({ id }) => id);
    const changing = CONTROLS.filter(({ kind, reportOnly }) => kind === 'identity' && !reportOnly).map(({ id }) => id);
    expect(REPORT_ONLY_CONTROLS.toSorted()).toEqual(reporting.toSorted());
    expect(SIGN_IN_CONTROLS.toSorted()).toEqual(changing.toSorted());
  });
});
