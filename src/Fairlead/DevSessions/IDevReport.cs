namespace Fairlead.DevSessions;

/// <summary>Shows a session to its caller.</summary>
internal interface IDevReport
{
    /// <summary>The servers listen.</summary>
    void Started(DevEndpoints endpoints);

    void Happened(DevEvent happened, TimeSpan sinceStart);

    /// <summary>A request of the laptop's has come back, or has not.</summary>
    void Travelled(Journey journey, TimeSpan sinceStart);

    /// <summary>Everything the manifests ask for exists and works.</summary>
    void Ready(DevOverview overview);

    /// <summary>It does not, and the session goes on.</summary>
    void NotReady(string reason);

    void Stopping();
}
