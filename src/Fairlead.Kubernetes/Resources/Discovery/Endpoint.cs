using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Discovery;

public sealed record Endpoint : ExtensibleRecord
{
    public IReadOnlyList<string>? Addresses { get; init; }

    public EndpointConditions? Conditions { get; init; }

    public string? Hostname { get; init; }

    public ObjectReference? TargetRef { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public IReadOnlyDictionary<string, string>? DeprecatedTopology { get; init; }

    public string? NodeName { get; init; }

    public string? Zone { get; init; }

    public EndpointHints? Hints { get; init; }
}
