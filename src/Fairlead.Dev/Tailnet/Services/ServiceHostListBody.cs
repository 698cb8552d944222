namespace Fairlead.Dev.Tailnet.Services;

internal sealed record ServiceHostListBody(IReadOnlyList<ServiceHostBody> Hosts);
