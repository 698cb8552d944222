namespace Fairlead.Tailscale.Services;

internal sealed record VipServiceList
{
    public IReadOnlyList<VipService> VipServices { get; init => field = value ?? []; } = [];
}
