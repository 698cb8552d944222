using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Runner.Volumes;

/// <summary>The ServiceAccount tokens of one Pod, made anew in good time.</summary>
internal sealed class TokenSource(ClusterSources sources, TimeProvider time)
{
    private const long DefaultSeconds = 3600;

    // As a kubelet does: after four fifths of its time, and a day at the latest.
    private const double RenewAfter = 0.8;
    private static readonly TimeSpan LongestUse = TimeSpan.FromDays(1);

    private readonly Dictionary<string, (string Token, DateTimeOffset RenewAt)> _tokens = new(StringComparer.Ordinal);

    /// <summary>When the first of the tokens is due; null without tokens.</summary>
    public DateTimeOffset? RenewAt => _tokens.Count == 0 ? null : _tokens.Values.Min(token => token.RenewAt);

    public string Current(JsonObject pod, JsonObject projection)
    {
        var audience = projection.Text("audience");
        var seconds = projection.Integer("expirationSeconds") ?? DefaultSeconds;
        var key = $"{audience} {seconds}";
        var now = time.GetUtcNow();
        if (_tokens.TryGetValue(key, out var known) && now < known.RenewAt)
            return known.Token;

        var lifetime = TimeSpan.FromSeconds(seconds);
        var token = sources.Token(pod, audience, lifetime);
        _tokens[key] = (token, now + (lifetime * RenewAfter < LongestUse ? lifetime * RenewAfter : LongestUse));
        return token;
    }
}
