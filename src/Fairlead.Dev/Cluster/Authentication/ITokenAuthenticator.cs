using Fairlead.Dev.Cluster.Authorization;

namespace Fairlead.Dev.Cluster.Authentication;

/// <summary>Recognises bearer tokens.</summary>
public interface ITokenAuthenticator
{
    /// <summary>The identity a token stands for, or null when it is unknown, expired or revoked.</summary>
    UserInfo? Authenticate(string token);
}
