namespace Fairlead.DevSessions;

/// <summary>Shows a session to its caller.</summary>
internal interface IDevReport
{
    /// <summary>The servers listen.</summary>
    void Started(DevEndpoints endpoints);

    void Happened(DevEvent happened, TimeSpan sinceStart);

    /// <summary>Everything the manifests ask for exists.</summary>
    void Ready(IReadOnlyList<ProxyOverview> proxies, DevEndpoints endpoints, TimeSpan sinceStart);

    /// <summary>It does not, and the session goes on.</summary>
    void NotReady(string reason);

    void Stopping();
}
