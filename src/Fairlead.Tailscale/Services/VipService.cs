using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Tailscale.Services;

/// <summary>
/// A Tailscale Service: a name and virtual addresses that several devices may serve. A null property is left out when it
/// is written; fields that are not modelled here survive reading and writing back.
/// </summary>
public sealed record VipService
{
    /// <summary><c>svc:</c> and a DNS label.</summary>
    public required string Name { get; init; }

    /// <summary>Virtual addresses, IPv4 first. Null on creation lets the API choose; an update must send the existing ones.</summary>
    public IReadOnlyList<string>? Addrs { get; init; }

    public string? DisplayName { get; init; }

    public string? Comment { get; init; }

    /// <summary>Free key and value pairs, e.g. who owns the service.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>E.g. <c>tcp:443</c>, or <c>do-not-validate</c> alone.</summary>
    public IReadOnlyList<string>? Ports { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The fields that are not modelled. Settable as the serializer demands it.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
