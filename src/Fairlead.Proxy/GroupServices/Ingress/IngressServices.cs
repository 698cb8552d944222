using System.Collections.Immutable;
using System.Text.Json;

namespace Fairlead.Proxy.GroupServices.Ingress;

/// <summary>The Services of the cluster that a ProxyGroup brings onto the tailnet, as they are mounted into its Pods.</summary>
/// <param name="Entries">By the Tailscale Service's name, as <c>svc:db</c>.</param>
internal sealed record IngressServices(ImmutableSortedDictionary<string, IngressServiceEntry> Entries)
{
    public static IngressServices None { get; } = new(ImmutableSortedDictionary.Create<string, IngressServiceEntry>(StringComparer.Ordinal));

    /// <param name="file">None, or an empty one, before the first Service.</param>
    /// <exception cref="FormatException">The message names the place.</exception>
    public static IngressServices Parse(byte[]? file)
    {
        try
        {
            var entries = file is { Length: > 0 } ? JsonSerializer.Deserialize(file, GroupServicesJson.Default.DictionaryStringIngressServiceEntry) ?? [] : [];
            return new IngressServices(entries.Where(entry => entry.Value is not null).ToImmutableSortedDictionary(StringComparer.Ordinal));
        }
        catch (JsonException e)
        {
            throw new FormatException($"It cannot be read at {e.Path ?? "its beginning"}, line {e.LineNumber + 1}.");
        }
    }
}
