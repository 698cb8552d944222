using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control.Filters;

/// <summary>Capabilities that the sources of a rule have toward some destinations.</summary>
public sealed record CapGrant
{
    public IReadOnlyList<IPPrefix> Dsts { get; init => field = WireList.Of(value); } = [];

    /// <summary>Capabilities without arguments.</summary>
    public IReadOnlyList<string> Caps { get; init => field = WireList.Of(value); } = [];

    /// <summary>Arguments by capability.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RawJson>> CapMap { get; init => field = WireList.MapOfLists(value); } = new Dictionary<string, IReadOnlyList<RawJson>>();
}
