using Fairlead.Tailnet.Protocol.Control.Json;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control.Audit;

/// <summary>Body of <c>PATCH /machine/set-device-attr</c>: posture attributes of the node.</summary>
public sealed record SetDeviceAttributesRequest
{
    public int Version { get; init; }

    public NodePublicKey NodeKey { get; init; }

    /// <summary>New values by name; null deletes.</summary>
    public IReadOnlyDictionary<string, RawJson> Update { get; init => field = WireList.Map(value); } = new Dictionary<string, RawJson>();
}
