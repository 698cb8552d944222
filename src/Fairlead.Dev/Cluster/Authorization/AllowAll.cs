namespace Fairlead.Dev.Cluster.Authorization;

/// <summary>Allows everything: the authorizer of clusters without RBAC.</summary>
public sealed class AllowAll : IAuthorizer
{
    public AuthorizationDecision Authorize(AuthorizationRequest request) => new(true, "");
}
