// Which features a Bastion host may have: by its SKU, by each other, and by what it was before.
import { refuse, unreadable } from '../arm-error';
import type { JsonObject } from '../json';
import { at, listAt, objectAt, sameText, textAt } from '../json';
import { requireResource } from './references';
import type { WriteContext } from './kind';

/** From least to most; Azure offers no way back. */
const SKUS = ['Developer', 'Basic', 'Standard', 'Premium'] as const;

type Sku = (typeof SKUS)[number];

/** The least SKU that carries a feature. Source: learn.microsoft.com/azure/bastion/bastion-sku-comparison. */
const FEATURES: readonly (readonly [feature: string, least: Sku])[] = [
  ['disableCopyPaste', 'Standard'],
  ['enableFileCopy', 'Standard'],
  ['enableIpConnect', 'Standard'],
  ['enableShareableLink', 'Standard'],
  ['enableTunneling', 'Standard'],
  ['enablePrivateOnlyBastion', 'Premium'],
  ['enableSessionRecording', 'Premium'],
];

function skuOf(body: JsonObject | undefined): Sku | undefined {
  const name = textAt(body, 'sku', 'name') ?? 'Standard';
  return SKUS.find((sku) => sameText(sku, name));
}

function isOn(body: JsonObject | undefined, feature: string): boolean {
  return at(body, 'properties', feature) === true;
}

function checkSku(body: JsonObject, write: WriteContext): Sku {
  const sku = skuOf(body);
  if (!sku) {
    const given = textAt(body, 'sku', 'name') ?? '';
    throw refuse('BastionHostSkuInvalid', `Bastion host ${write.id}: the SKU ${given} is none of ${SKUS.join(', ')}.`);
  }
  const before = write.before && skuOf(write.before.body);
  if (!before || SKUS.indexOf(sku) >= SKUS.indexOf(before)) return sku;
  throw refuse(
    'BastionHostSkuDowngradeNotSupported',
    `Bastion host ${write.id} cannot be downgraded from SKU ${before} to ${sku}. Delete and re-create it instead.`,
  );
}

function checkScale(body: JsonObject, sku: Sku, write: WriteContext): void {
  const units = objectAt(body, 'properties').scaleUnits ?? 2;
  if (typeof units !== 'number' || !Number.isInteger(units))
    throw unreadable("Could not convert to an integer. Path 'properties.scaleUnits'.");
  const isFixed = sku === 'Basic' || sku === 'Developer';
  if (units >= 2 && units <= (isFixed ? 2 : 50)) return;
  throw refuse(
    'BastionHostScaleUnitsInvalid',
    `Bastion host ${write.id} of SKU ${sku} ${isFixed ? 'has 2 scale units' : 'can have 2 to 50 scale units'}, not ${units}.`,
  );
}

/** What stood before is no obstacle to changing the rest: an estate may hold what ARM would refuse today. */
function checkCarried(body: JsonObject, sku: Sku, write: WriteContext): void {
  for (const [feature, least] of FEATURES) {
    const value = at(body, 'properties', feature);
    if (value !== undefined && value !== null && typeof value !== 'boolean')
      throw unreadable(`Could not convert to a boolean. Path 'properties.${feature}'.`);
    if (!isOn(body, feature) || SKUS.indexOf(sku) >= SKUS.indexOf(least)) continue;
    if (isOn(write.before?.body, feature)) continue;
    throw refuse(
      `FeatureNotSupportedFor${sku}BastionSku`,
      `Bastion host ${write.id}: ${feature} is not supported for SKU ${sku}. It needs SKU ${least} or higher.`,
    );
  }
}

/** Recording covers sessions in the browser only, so Azure takes no native client beside it. */
function checkRecording(body: JsonObject, write: WriteContext): void {
  if (!isOn(body, 'enableSessionRecording') || !isOn(body, 'enableTunneling')) return;
  const { before } = write;
  if (isOn(before?.body, 'enableSessionRecording') && isOn(before?.body, 'enableTunneling')) return;
  throw refuse(
    'BastionHostSessionRecordingNotSupportedWithTunneling',
    `Bastion host ${write.id}: enableSessionRecording and enableTunneling cannot both be on.`,
  );
}

/** Private-only is decided once. Source: learn.microsoft.com/azure/bastion/private-only-deployment. */
function checkPrivacy(body: JsonObject, write: WriteContext): void {
  const isPrivate = isOn(body, 'enablePrivateOnlyBastion');
  if (write.before && isPrivate !== isOn(write.before.body, 'enablePrivateOnlyBastion')) {
    throw refuse(
      'BastionHostPrivateOnlyCannotBeChanged',
      `Bastion host ${write.id}: enablePrivateOnlyBastion is set when the host is created and cannot be changed.`,
    );
  }
  for (const configuration of listAt(body, 'properties', 'ipConfigurations')) {
    const target = textAt(configuration, 'properties', 'publicIPAddress', 'id');
    if (isPrivate && target) {
      throw refuse('BastionHostPrivateOnlyWithPublicIp', `Private-only bastion host ${write.id} takes no public IP.`);
    }
    if (!isPrivate && !target && !write.before) {
      throw refuse('BastionHostMissingPublicIp', `Bastion host ${write.id} must have a public IP address.`);
    }
    if (!target || write.before) continue;
    const address = requireResource(write.estate, write.id, target, 'Microsoft.Network/publicIPAddresses');
    const isStatic = sameText(textAt(address.body, 'properties', 'publicIPAllocationMethod'), 'Static');
    if (isStatic && !sameText(textAt(address.body, 'sku', 'name'), 'Basic')) continue;
    throw refuse('BastionHostPublicIpInvalid', `Bastion host ${write.id} needs a static public IP of SKU Standard.`);
  }
}

/**
 * Refuses a SKU, a scale or a set of features that Azure refuses; throws ArmError. That Azure refuses is documented, its
 * codes are not: `FeatureNotSupportedForDeveloperBastionSku` is reported, the others are named likewise.
 */
export function checkBastionFeatures(body: JsonObject, write: WriteContext): void {
  const sku = checkSku(body, write);
  checkScale(body, sku, write);
  checkCarried(body, sku, write);
  checkRecording(body, write);
  checkPrivacy(body, write);
}
