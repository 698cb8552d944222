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
        .. routes.Select(route => IPNetwork.TryParse(route, out var network)
            ? network
            : throw new ProxyConfigurationException($"{where} has '{route}'; write networks as 10.0.0.0/8, with no bits set behind the prefix.")),
    ];
}
