namespace Fairlead.DevSessions;

/// <summary>A session that has come to rest.</summary>
/// <param name="Ready">When it had, since the start.</param>
/// <param name="FirstAnswer">When the first answer came through the tailnet; null if there was nobody to ask.</param>
internal sealed record DevOverview(IReadOnlyList<ProxyOverview> Proxies, IReadOnlyList<Journey> Journeys, DevEndpoints Endpoints, TimeSpan Ready, TimeSpan? FirstAnswer);
