/** A role's PIM settings at one scope, with the words that findings about them share. */
import type { ObjectId, RoleSettings, ScopeKey } from '../identity/identity';

export interface SettingsInPlace {
  readonly control: string;
  readonly settings: RoleSettings;
  readonly role: ObjectId;
  readonly scope: ScopeKey;
  readonly resource: string;
  /** `Bastion Users on rg-hub`. */
  readonly where: string;
}
