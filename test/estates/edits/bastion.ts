/** Edits to Bastion itself: its security group and its settings. */
import { textAt } from '../../../playground/json';
import { securityRule } from '../build/security-group';
import { bastionGroups, childrenOf, chosen, flag, idOf, type MakeEdit, ofType, put } from './edit';

/** Azure itself refuses to take most of the required rules away; the rest goes. */
export const deleteBastionRule: MakeEdit = (resources, { which, how }) => {
  const rule = chosen(childrenOf(chosen(bastionGroups(resources), which), 'securityRules'), how);
  return rule && { writes: [{ method: 'DELETE', id: idOf(rule) }] };
};

/** A deny ahead of what Bastion needs: that Azure does not refuse. */
export const denyInBastionGroup: MakeEdit = (resources, { which, how }) => {
  const group = chosen(bastionGroups(resources), which);
  const outbound = { access: 'Deny', direction: 'Outbound', protocol: '*' } as const;
  const rule = chosen(
    [
      securityRule('deny-out', 101, { ...outbound, to: 'Internet' }),
      securityRule('deny-cloud', 102, { ...outbound, to: 'AzureCloud', ports: '443' }),
      securityRule('deny-sessions', 99 + 4, { ...outbound, to: '10.0.0.0/8', ports: ['8080'] }),
      securityRule('deny-https', 105, { access: 'Deny', from: 'GatewayManager', ports: '443' }),
    ],
    how,
  );
  return (
    group &&
    rule && { writes: [{ method: 'PUT', id: `${idOf(group)}/securityRules/${textAt(rule, 'name')}`, body: rule }] }
  );
};

/** The first of the rules by which sessions leave, narrowed or overruled. */
export const stopSessions: MakeEdit = (resources, { which, how }) => {
  const rule = childrenOf(chosen(bastionGroups(resources), which), 'securityRules').find(
    (each) => textAt(each, 'name') === 'AllowSessionsOutbound',
  );
  const narrower = chosen(['10.1.0.0/16', '10.9.0.0/16'], how);
  return rule && { writes: [put(rule, { destinationAddressPrefix: narrower })] };
};

export const openBastionGroup: MakeEdit = (resources, { which, how }) => {
  const group = chosen(bastionGroups(resources), which);
  const rule = chosen(
    [
      securityRule('allow-rdp', 160, { from: 'Internet', ports: '3389' }),
      securityRule('allow-everything', 170, { protocol: '*' }),
      securityRule('allow-sql', 180, { direction: 'Outbound', to: 'VirtualNetwork', ports: '1433' }),
    ],
    how,
  );
  return (
    group &&
    rule && { writes: [{ method: 'PUT', id: `${idOf(group)}/securityRules/${textAt(rule, 'name')}`, body: rule }] }
  );
};

const SETTINGS = ['enableFileCopy', 'enableIpConnect', 'enableShareableLink', 'enableTunneling'] as const;

export const setBastion: MakeEdit = (resources, { which, how }) => {
  const host = chosen(ofType(resources, 'Microsoft.Network/bastionHosts'), which);
  const name = chosen(SETTINGS, how);
  return host && name && { writes: [put(host, { [name]: !flag(host, name) })] };
};
