using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Dev.Cluster.Authorization;

namespace Fairlead.Dev.Cluster.Authentication;

/// <summary>Users with a token of their own. Tokens are kept as digests.</summary>
internal sealed class UserDirectory : ITokenAuthenticator
{
    private const int TokenBytes = 24;

    private readonly ConcurrentDictionary<string, UserInfo> _users = new(StringComparer.Ordinal);

    /// <returns>The new user's bearer token.</returns>
    public string Add(string name, IEnumerable<string> groups)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        _users[Digest(token)] = new UserInfo(name, [.. groups.Append("system:authenticated").Distinct()]);
        return token;
    }

    public UserInfo? Authenticate(string token) => _users.GetValueOrDefault(Digest(token));

    private static string Digest(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
