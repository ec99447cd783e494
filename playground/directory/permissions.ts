// The application permissions that each kind of call needs. Source: the permission tables of the Graph v1.0 reference.
import type { Permission } from './caller';

const DIRECTORY_READ = [['Directory.Read.All'], ['Directory.ReadWrite.All']];

export const READ_USERS: Permission = [['User.Read.All'], ['User.ReadWrite.All'], ...DIRECTORY_READ];
export const WRITE_USERS: Permission = [['User.ReadWrite.All'], ['Directory.ReadWrite.All']];
export const READ_GROUPS: Permission = [
  ['GroupMember.Read.All'],
  ['Group.Read.All'],
  ['Group.ReadWrite.All'],
  ...DIRECTORY_READ,
];
export const WRITE_GROUPS: Permission = [
  ['GroupMember.ReadWrite.All'],
  ['Group.ReadWrite.All'],
  ['Directory.ReadWrite.All'],
];
export const READ_APPLICATIONS: Permission = [['Application.Read.All'], ...DIRECTORY_READ];
export const READ_ROLES: Permission = [['RoleManagement.Read.Directory'], ...DIRECTORY_READ];
export const READ_OBJECTS: Permission = DIRECTORY_READ;
export const READ_ORGANIZATION: Permission = [['Organization.Read.All'], ...DIRECTORY_READ];

const CONDITIONAL_ACCESS = ['Policy.ReadWrite.ConditionalAccess', 'Application.Read.All'];
const READ_WRITE = [['Policy.ReadWrite.ConditionalAccess']];
export const READ_CONDITIONAL_ACCESS: Permission = [
  ['Policy.Read.All'],
  ['Policy.Read.ConditionalAccess'],
  ...READ_WRITE,
];
export const WRITE_CONDITIONAL_ACCESS: Permission = [CONDITIONAL_ACCESS];
export const READ_CONTEXTS: Permission = [['AuthenticationContext.Read.All'], ...READ_CONDITIONAL_ACCESS];
export const WRITE_CONTEXTS: Permission = [['AuthenticationContext.ReadWrite.All'], ...READ_WRITE];
export const READ_STRENGTHS: Permission = [['Policy.Read.AuthenticationMethod'], ...READ_CONDITIONAL_ACCESS];
export const WRITE_STRENGTHS: Permission = [['Policy.ReadWrite.AuthenticationMethod'], ...READ_WRITE];

export const READ_AUDIT: Permission = [['AuditLog.Read.All']];
export const READ_ELIGIBILITIES: Permission = [
  ['PrivilegedEligibilitySchedule.Read.AzureADGroup'],
  ['PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup'],
  ['PrivilegedAccess.Read.AzureADGroup'],
];
export const READ_ASSIGNMENTS: Permission = [
  ['PrivilegedAssignmentSchedule.Read.AzureADGroup'],
  ['PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup'],
  ['PrivilegedAccess.Read.AzureADGroup'],
];
export const READ_GROUP_POLICIES: Permission = [
  ['RoleManagementPolicy.Read.AzureADGroup'],
  ['RoleManagementPolicy.ReadWrite.AzureADGroup'],
];
export const WRITE_GROUP_POLICIES: Permission = [['RoleManagementPolicy.ReadWrite.AzureADGroup']];
