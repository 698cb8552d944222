using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control.Services;

/// <summary>A node's answer when the server asks which Services it hosts.</summary>
public sealed record VipServicesResponse
{
    public IReadOnlyList<VipService> VIPServices { get; init => field = WireList.Of(value); } = [];

    /// <summary>See <see cref="Services.ServicesHash"/>.</summary>
    public string ServicesHash { get; init => field = value ?? ""; } = "";
}
