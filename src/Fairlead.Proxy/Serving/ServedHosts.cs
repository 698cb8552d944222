using System.Collections.Frozen;
using System.Net;

namespace Fairlead.Proxy.Serving;

/// <summary>
/// The servers of one port by what requests may ask for: each by its whole name, and by the first label alone where no other shares it; an only
/// server by the address that the connection came to as well. Nothing else leads anywhere: a page whose own name was made to stand for this
/// device's address (DNS rebinding) must not read what its visitor may, nor have the visitor's identity told in its requests.
/// </summary>
internal sealed class ServedHosts
{
    private readonly FrozenDictionary<string, WebServer>.AlternateLookup<ReadOnlySpan<char>> _byName;
    private readonly WebServer? _only;

    private ServedHosts(FrozenDictionary<string, WebServer> byName, WebServer? only)
    {
        _byName = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        _only = only;
    }

    public static ServedHosts None { get; } = new(FrozenDictionary<string, WebServer>.Empty, null);

    /// <param name="servers">By <c>host:port</c>, of any port.</param>
    public static ServedHosts Of(IEnumerable<KeyValuePair<string, WebServer>> servers, int port)
    {
        var byName = new Dictionary<string, WebServer>(StringComparer.OrdinalIgnoreCase);
        foreach (var (place, server) in servers)
        {
            if (place.LastIndexOf(':') is > 0 and var colon && ushort.TryParse(place.AsSpan(colon + 1), out var served) && served == port)
            {
                byName[WithoutFinalDot(place.AsSpan(0, colon)).ToString()] = server;
            }
        }

        var only = byName.Count == 1 ? byName.Values.Single() : null;
        foreach (var label in byName.GroupBy(server => server.Key.Split('.')[0], StringComparer.OrdinalIgnoreCase).ToList())
        {
            if (label.Count() == 1)
            {
                byName.TryAdd(label.Key, label.Single().Value);
            }
        }

        return new ServedHosts(byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase), only);
    }

    /// <param name="host">As a request has it: with or without a port, whose number may be another where ports are mapped on the way.</param>
    /// <param name="local">Where the request's connection came to.</param>
    /// <returns>Null if there is no such server.</returns>
    public WebServer? Find(ReadOnlySpan<char> host, IPAddress? local)
    {
        var name = WithoutFinalDot(WithoutPort(host));
        return _byName.TryGetValue(name, out var server) ? server
            : _only is not null && IPAddress.TryParse(name, out var address) && address.Equals(local) ? _only
            : null;
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host) => host switch
    {
        ['[', ..] => host.IndexOf(']') is > 0 and var end ? host[1..end] : [],
        _ => host.IndexOf(':') is >= 0 and var colon ? host[..colon] : host,
    };

    private static ReadOnlySpan<char> WithoutFinalDot(ReadOnlySpan<char> name) => name is [.. var rest, '.'] ? rest : name;
}
