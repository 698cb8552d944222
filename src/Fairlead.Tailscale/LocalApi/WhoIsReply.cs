using System.Text.Json;

namespace Fairlead.Tailscale.LocalApi;

/// <summary>Who is behind an address of the tailnet.</summary>
public sealed record WhoIsReply
{
    public WhoIsNode? Node { get; init; }

    public WhoIsUser? UserProfile { get; init; }

    /// <summary>What it may do on this device: values by capability.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>?>? CapMap { get; init; }
}
