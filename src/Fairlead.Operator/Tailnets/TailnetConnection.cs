using Fairlead.Tailscale;

namespace Fairlead.Operator.Tailnets;

/// <summary>The client for one tailnet with one set of credentials, and what is known of these.</summary>
internal sealed class TailnetConnection(TailscaleClient client, string loginUrl, string fingerprint) : IDisposable
{
    public TailscaleClient Client => client;

    /// <summary>What the credentials can do, as far as it was tried, and when.</summary>
    public (TailnetAccess Access, DateTimeOffset At)? Tried { get; set; }

    public bool IsFor(string url, string credentials) => loginUrl == url && fingerprint == credentials;

    public void Dispose() => client.Dispose();
}
