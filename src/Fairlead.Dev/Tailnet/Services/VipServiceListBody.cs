namespace Fairlead.Dev.Tailnet.Services;

internal sealed record VipServiceListBody(IReadOnlyList<VipServiceBody> VipServices);
