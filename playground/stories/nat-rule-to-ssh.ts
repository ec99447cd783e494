/** A load balancer that serves HTTPS gets a NAT rule that leads from a port nobody watches to SSH. */
import { defaultEstate, readEstate } from '../estate-file';
import { listAt, textAt } from '../json';
import { withIpConfiguration } from './interface';
import { playRoad } from './road';
import { withProperties } from './rules';
import { idIn, interfaceOfVm } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';
const balancer = idIn('rg-app', 'loadBalancers', 'lb-web');
const address = idIn('rg-app', 'publicIPAddresses', 'pip-lb-web');
const frontend = `${balancer}/frontendIPConfigurations/public`;
const pool = `${balancer}/backendAddressPools/web`;
const natRule = `${balancer}/inboundNatRules/maintenance`;

export const natRuleToSsh: Story = {
  name: 'nat-rule-to-ssh',
  title: 'A load balancer forwards port 50001 to SSH',
  proves: 'what counts is where a port leads, not what number it has in front; the web service behind it stays up',
  play: playForwarded,
};

async function playForwarded(stage: Stage): Promise<void> {
  stage.say('the same estate, with a load balancer for HTTPS in front of the machine');
  await stage.playground.reset(
    [...readEstate(defaultEstate).map(behindBalancer), publicIp(), webBalancer()],
    'network',
  );
  const { after } = await playRoad(stage, {
    actor,
    change: async () => {
      const properties = {
        frontendIPConfiguration: { id: frontend },
        protocol: 'Tcp',
        frontendPort: 50_001,
        backendPort: 22,
      };
      await stage.put(actor, natRule, { properties });
      const nic = await stage.get(interfaceOfVm);
      await stage.put(
        actor,
        interfaceOfVm,
        withIpConfiguration(nic, { loadBalancerInboundNatRules: [{ id: natRule }] }),
      );
    },
    says: ['lb-web/maintenance', '50001', '22/tcp', 'vm-app-1', /Done: put inboundNatRules maintenance/],
    writes: ['PUT nic-vm-app-1', 'PUT lb-web'],
  });
  const kept = after.get(balancer.toLowerCase());
  stage.check('HTTPS is still balanced', listAt(kept, 'properties', 'loadBalancingRules').length === 1);
  stage.check('and still probed', listAt(kept, 'properties', 'probes').length === 1);
}

function behindBalancer(resource: unknown): unknown {
  if (textAt(resource, 'id').toLowerCase() !== interfaceOfVm.toLowerCase()) return resource;
  return withIpConfiguration(resource, { loadBalancerBackendAddressPools: [{ id: pool }] });
}

function publicIp(): object {
  const properties = {
    ipAddress: '198.51.100.8',
    publicIPAddressVersion: 'IPv4',
    publicIPAllocationMethod: 'Static',
    ipConfiguration: { id: frontend },
  };
  return { ...named(address, 'publicIPAddresses'), properties };
}

function webBalancer(): object {
  const probe = `${balancer}/probes/https`;
  const part = (collection: string, name: string, properties: object): object => ({
    ...withProperties({ name, id: `${balancer}/${collection}/${name}` }, properties),
  });
  const rule = {
    frontendIPConfiguration: { id: frontend },
    backendAddressPool: { id: pool },
    probe: { id: probe },
    protocol: 'Tcp',
    frontendPort: 443,
    backendPort: 443,
    disableOutboundSnat: true,
  };
  const properties = {
    frontendIPConfigurations: [part('frontendIPConfigurations', 'public', { publicIPAddress: { id: address } })],
    backendAddressPools: [part('backendAddressPools', 'web', {})],
    loadBalancingRules: [part('loadBalancingRules', 'https', rule)],
    probes: [part('probes', 'https', { protocol: 'Tcp', port: 443, intervalInSeconds: 15, numberOfProbes: 2 })],
    inboundNatRules: [],
  };
  return { ...named(balancer, 'loadBalancers'), properties };
}

function named(id: string, type: string): object {
  const name = id.split('/').at(-1);
  return {
    name,
    id,
    type: `Microsoft.Network/${type}`,
    location: 'westeurope',
    sku: { name: 'Standard', tier: 'Regional' },
  };
}
