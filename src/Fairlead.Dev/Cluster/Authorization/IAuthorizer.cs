namespace Fairlead.Dev.Cluster.Authorization;

/// <summary>Decides whether a user may do something.</summary>
public interface IAuthorizer
{
    AuthorizationDecision Authorize(AuthorizationRequest request);
}
