// Examples that break their own specification: found by this validator and read by a person, each with what is wrong.

const LIST_WITHOUT_VALUE = 'the body is a list where the operation declares an object with `value`';
const IDS_FOR_OBJECTS = 'plain ids stand where the model declares objects with an id';
const STATUS_FOR_RESULT = 'the body is that of the running operation and not of its result';
const READ_ONLY_SENT = 'the request sends a property that the model marks read-only';
const BARE_TEXT = 'a bare text or number stands where the specification declares another type';

/** By file name. */
export const KNOWN_FAULTY: Readonly<Record<string, string>> = {
  'ApplicationGatewayGet.json': IDS_FOR_OBJECTS,
  'ApplicationGatewayList.json': IDS_FOR_OBJECTS,
  'ApplicationGatewayListAll.json': IDS_FOR_OBJECTS,
  'ApplicationGatewayPrivateEndpointConnectionUpdate.json': READ_ONLY_SENT,
  'AzureFirewallPutWithAdditionalProperties.json': READ_ONLY_SENT,
  'BastionSessionDelete.json': 'the session ids stand for the body that should hold them',
  'EffectiveRoutesListForConnection.json': STATUS_FOR_RESULT,
  'EffectiveRoutesListForRouteTable.json': STATUS_FOR_RESULT,
  'EffectiveRoutesListForVirtualHub.json': STATUS_FOR_RESULT,
  'ExpressRouteCircuitPeeringCreate.json': BARE_TEXT,
  'ExpressRouteCircuitPeeringList.json': BARE_TEXT,
  'GetInboundRoutes.json': STATUS_FOR_RESULT,
  'GetOutboundRoutes.json': STATUS_FOR_RESULT,
  'HubRouteTableList.json': LIST_WITHOUT_VALUE,
  'HubVirtualNetworkConnectionList.json': LIST_WITHOUT_VALUE,
  'NatRuleList.json': LIST_WITHOUT_VALUE,
  'NetworkVirtualApplianceSaaSPut.json': 'the id is of another provider than the model allows',
  'PrivateLinkServiceUpdatePrivateEndpointConnection.json': READ_ONLY_SENT,
  'ServiceEndpointPolicyUpdateTags.json': 'a sub-resource is answered without its id',
  'ServiceTagInformationListResultWithNoAddressPrefixes.json': BARE_TEXT,
  'VirtualHubRouteTableV2List.json': LIST_WITHOUT_VALUE,
  'VirtualNetworkGatewayNatRuleList.json': LIST_WITHOUT_VALUE,
  'VirtualWANGet.json': IDS_FOR_OBJECTS,
  'VirtualWANList.json': IDS_FOR_OBJECTS,
  'VirtualWANListByResourceGroup.json': IDS_FOR_OBJECTS,
  'VirtualWANPut.json': IDS_FOR_OBJECTS,
  'VirtualWANUpdateTags.json': IDS_FOR_OBJECTS,
  'VmssPublicIpGet.json': BARE_TEXT,
  'VmssVmPublicIpList.json': BARE_TEXT,
  'VpnConnectionList.json': LIST_WITHOUT_VALUE,
  'VpnSiteLinkConnectionList.json': LIST_WITHOUT_VALUE,
  'VpnSiteList.json': IDS_FOR_OBJECTS,
  'VpnSiteListByResourceGroup.json': IDS_FOR_OBJECTS,
  'VpnSiteUpdateTags.json': IDS_FOR_OBJECTS,
};
