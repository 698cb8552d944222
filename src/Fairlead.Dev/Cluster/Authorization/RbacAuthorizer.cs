using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Dev.Cluster.Authorization;

/// <summary>Role-based access control by the Roles, ClusterRoles and bindings in the cluster, read at each request.</summary>
public sealed class RbacAuthorizer : IAuthorizer
{
    /// <summary>Members of this group may do everything, whatever roles say.</summary>
    public const string Masters = "system:masters";

    private readonly GrantedRules _granted;

    public RbacAuthorizer(IClusterApi api) => _granted = new GrantedRules(api);

    public AuthorizationDecision Authorize(AuthorizationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.User.Groups.Contains(Masters))
            return new AuthorizationDecision(true, "");

        foreach (var (rule, grant) in _granted.For(request.User, request.Namespace))
        {
            if (rule.Allows(request))
                return new AuthorizationDecision(true, grant);
        }

        return new AuthorizationDecision(false, "");
    }
}
