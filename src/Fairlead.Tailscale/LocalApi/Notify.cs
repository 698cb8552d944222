using System.Text.Json;

namespace Fairlead.Tailscale.LocalApi;

/// <summary>
/// A notification of a tailscaled: the fields that changed, the others null. What is large and can be read better from a status is only told
/// to have changed.
/// </summary>
public sealed record Notify
{
    public string? Version { get; init; }

    public string? SessionID { get; init; }

    /// <summary>An error for people, as when the control plane refuses the device.</summary>
    public string? ErrMessage { get; init; }

    public BackendState? State { get; init; }

    public Preferences? Prefs { get; init; }

    public DaemonStatus? InitialStatus { get; init; }

    /// <summary>Where somebody has to log in.</summary>
    public string? BrowseToURL { get; init; }

    public HealthState? Health { get; init; }

    public NotifyNetworkMap? NetMap { get; init; }

    /// <summary>The node itself, as the control plane describes it.</summary>
    public JsonElement? SelfChange { get; init; }

    /// <summary>Nodes as the control plane describes them.</summary>
    public JsonElement? PeersChanged { get; init; }

    /// <summary>Numeric IDs.</summary>
    public IReadOnlyList<long>? PeersRemoved { get; init; }

    /// <summary>Whether a status read now would say other things of the device or of the tailnet than one before.</summary>
    public bool ChangesStatus =>
        State is not null || InitialStatus is not null || NetMap is not null || IsPresent(SelfChange) || IsPresent(PeersChanged) || PeersRemoved is { Count: > 0 };

    private static bool IsPresent(JsonElement? element) => element is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };
}
