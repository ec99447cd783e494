#!/usr/bin/env bash
# Grants the Microsoft Graph application permissions that docs/permissions.md explains to a managed identity.
# Whoever runs it needs Privileged Role Administrator or Global Administrator, and a session of `az login`.
set -euo pipefail

usage="usage: $0 reader|writer OBJECT_ID [--mail] [--dry-run]
  reader   the identity that reads sign-in settings
  writer   the identity that writes them (GUARDRAIL_IDENTITY_CLIENT_ID)
  OBJECT_ID   its object id: az identity show -g GROUP -n NAME --query principalId -o tsv
  --mail      Mail.Send as well, for alerts through Microsoft Graph
  --dry-run   prints what would be granted"

reader_roles="
  Policy.Read.All
  Directory.Read.All
  AuditLog.Read.All
  PrivilegedEligibilitySchedule.Read.AzureADGroup
  PrivilegedAssignmentSchedule.Read.AzureADGroup
  RoleManagementPolicy.Read.AzureADGroup
"
writer_roles="
  Policy.Read.All
  Policy.ReadWrite.ConditionalAccess
  Application.Read.All
  AuthenticationContext.ReadWrite.All
"

fail() {
  printf '%s\n' "$1" >&2
  exit 2
}

case "${1:-}" in
  reader) roles=$reader_roles ;;
  writer) roles=$writer_roles ;;
  *) fail "$usage" ;;
esac
identity=${2:-}
[[ $identity =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]] || fail "$usage"
shift 2

dry_run=false
for option in "$@"; do
  case "$option" in
    --mail) roles="$roles Mail.Send" ;;
    --dry-run) dry_run=true ;;
    *) fail "$usage" ;;
  esac
done

if $dry_run; then
  for role in $roles; do printf 'would grant %s to %s\n' "$role" "$identity"; done
  exit 0
fi

graph="${GRAPH_ENDPOINT:-https://graph.microsoft.com}/v1.0"
# Microsoft Graph itself has the same application id in every tenant.
resource=$(az rest --method get --url "$graph/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?\$select=id,appRoles" -o json)
resource_id=$(jq -r '.id' <<<"$resource")
granted=$(az rest --method get --url "$graph/servicePrincipals/$identity/appRoleAssignments?\$top=999" -o json)

for role in $roles; do
  # The name alone is not enough: a delegated permission may be called the same.
  role_id=$(jq -r --arg role "$role" '.appRoles[] | select(.value == $role and (.allowedMemberTypes | index("Application"))) | .id' <<<"$resource")
  [[ -n $role_id ]] || fail "Microsoft Graph has no application permission $role in this cloud"
  if jq -e --arg id "$role_id" --arg resource "$resource_id" '.value[] | select(.appRoleId == $id and .resourceId == $resource)' <<<"$granted" >/dev/null; then
    printf '%s is granted already\n' "$role"
    continue
  fi
  body=$(jq -n --arg principal "$identity" --arg resource "$resource_id" --arg role "$role_id" \
    '{principalId: $principal, resourceId: $resource, appRoleId: $role}')
  az rest --method post --url "$graph/servicePrincipals/$identity/appRoleAssignments" \
    --headers Content-Type=application/json --body "$body" -o none
  printf 'granted %s\n' "$role"
done
