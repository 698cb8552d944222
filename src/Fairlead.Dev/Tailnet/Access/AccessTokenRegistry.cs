using System.Text;

namespace Fairlead.Dev.Tailnet.Access;

/// <summary>The access tokens that are out.</summary>
public sealed class AccessTokenRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AccessGrant> _grants = [];
    private readonly IdSource _ids;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;

    internal AccessTokenRegistry(IdSource ids, TimeProvider time, TimeSpan lifetime)
    {
        _ids = ids;
        _time = time;
        _lifetime = lifetime;
    }

    /// <summary>What the tokens not expired stand for.</summary>
    public IReadOnlyList<AccessGrant> Snapshot()
    {
        var now = _time.GetUtcNow();
        lock (_gate) return [.. _grants.Values.Where(grant => now < grant.ExpiresAt)];
    }

    /// <summary>Makes all tokens that are out invalid, as if they had been revoked.</summary>
    public void RevokeAll()
    {
        lock (_gate) _grants.Clear();
    }

    internal (string Token, TimeSpan Lifetime) Issue(ApiClient client, IReadOnlyList<string> scopes, IReadOnlyList<string> tags)
    {
        var token = $"tskey-api-{_ids.NextStableId('k')}-{_ids.Next(32)}";
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            foreach (var (old, _) in _grants.Where(entry => entry.Value.ExpiresAt <= now).ToList()) _grants.Remove(old);
            _grants[token] = new AccessGrant(client.Id, scopes, tags, now + _lifetime);
        }
        return (token, _lifetime);
    }

    /// <param name="authorization">An Authorization header: Bearer, or Basic with the token as user and no password.</param>
    internal AccessGrant? Find(string authorization)
    {
        if (TokenOf(authorization) is not { } token) return null;
        lock (_gate)
        {
            return _grants.TryGetValue(token, out var grant) && _time.GetUtcNow() < grant.ExpiresAt ? grant : null;
        }
    }

    private static string? TokenOf(string authorization)
    {
        var space = authorization.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) return null;
        var value = authorization[(space + 1)..].Trim();
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return value;
        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value, bytes, out var length)) return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair.EndsWith(':') ? pair[..^1] : null;
    }
}
