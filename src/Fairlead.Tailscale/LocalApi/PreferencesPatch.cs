using System.Text.Json.Nodes;

namespace Fairlead.Tailscale.LocalApi;

/// <summary>A change of preferences: what is null stays as it is.</summary>
public sealed record PreferencesPatch
{
    public string? ControlURL { get; init; }

    public bool? RouteAll { get; init; }

    public bool? CorpDNS { get; init; }

    public bool? WantRunning { get; init; }

    public bool? ShieldsUp { get; init; }

    public string? Hostname { get; init; }

    public IReadOnlyList<string>? AdvertiseTags { get; init; }

    public IReadOnlyList<string>? AdvertiseRoutes { get; init; }

    public IReadOnlyList<string>? AdvertiseServices { get; init; }

    public bool? NoSNAT { get; init; }

    public bool? NoStatefulFiltering { get; init; }

    public int? NetfilterMode { get; init; }

    /// <summary>Each field with a second one, <c>…Set</c>, that says that it is meant: an empty list is a value of its own.</summary>
    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        Set(nameof(ControlURL), ControlURL);
        Set(nameof(RouteAll), RouteAll);
        Set(nameof(CorpDNS), CorpDNS);
        Set(nameof(WantRunning), WantRunning);
        Set(nameof(ShieldsUp), ShieldsUp);
        Set(nameof(Hostname), Hostname);
        Set(nameof(AdvertiseTags), List(AdvertiseTags));
        Set(nameof(AdvertiseRoutes), List(AdvertiseRoutes));
        Set(nameof(AdvertiseServices), List(AdvertiseServices));
        Set(nameof(NoSNAT), NoSNAT);
        Set(nameof(NoStatefulFiltering), NoStatefulFiltering);
        Set(nameof(NetfilterMode), NetfilterMode);
        return json;

        void Set(string name, JsonNode? value)
        {
            if (value is not null)
            {
                json[name] = value;
                json[name + "Set"] = true;
            }
        }
    }

    private static JsonArray? List(IReadOnlyList<string>? values) => values is null ? null : new JsonArray([.. values.Select(value => (JsonNode)value)]);
}
