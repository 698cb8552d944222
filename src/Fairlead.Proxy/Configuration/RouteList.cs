using System.Net;

namespace Fairlead.Proxy.Configuration;

/// <summary>Networks that a device is to advertise, as people write them.</summary>
internal static class RouteList
{
    /// <summary>Those of <see cref="ProxyVariables.Routes"/>.</summary>
    /// <inheritdoc cref="Parse(IEnumerable{string}, string)"/>
    public static IReadOnlyList<IPNetwork> Of(ProxyConfiguration configuration) =>
        Parse((configuration.Routes ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), ProxyVariables.Routes);

    /// <param name="where">Variable, or file and field, for people.</param>
    /// <exception cref="ProxyConfigurationException">One is no network.</exception>
    public static IReadOnlyList<IPNetwork> Parse(IEnumerable<string> routes, string where) =>
    [
        .. routes.Select(route => TryParse(route)
            ?? throw new ProxyConfigurationException($"{where} has '{route}'; write networks as 10.0.0.0/8, with no bits set behind the prefix.")),
    ];

    /// <summary>The framework's parser clears bits behind the prefix; whoever wrote some meant another network, or one address.</summary>
    private static IPNetwork? TryParse(string route) =>
        IPNetwork.TryParse(route, out var network)
        && IPAddress.TryParse(route.AsSpan(0, route.IndexOf('/', StringComparison.Ordinal)), out var written)
        && written.Equals(network.BaseAddress)
            ? network
            : null;
}
