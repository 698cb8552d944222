using Fairlead.Tailnet.Protocol.Control.Services;

namespace Fairlead.Tailnet.Nodes.Mapping;

/// <summary>The list of Tailscale Services that a node offers to host, sorted by name so that equal offers have equal fingerprints.</summary>
internal static class ServiceOffers
{
    public static IReadOnlyList<VipService> Add(IReadOnlyList<VipService> offers, string name, ProtoPortRange ports)
    {
        var offer = offers.FirstOrDefault(offer => offer.Name == name) ?? new VipService { Name = name };
        return Sorted([.. offers.Where(other => other.Name != name), offer with { Active = true, Ports = [.. offer.Ports, ports] }]);
    }

    /// <summary>Takes ports away, once; a service without any is withdrawn, unless it is offered whatever its ports.</summary>
    public static IReadOnlyList<VipService> Remove(IReadOnlyList<VipService> offers, string name, ProtoPortRange ports, IReadOnlyList<string> always)
    {
        var offer = offers.FirstOrDefault(offer => offer.Name == name);
        if (offer is null)
        {
            return offers;
        }

        var left = offer.Ports.ToList();
        left.Remove(ports);
        var others = offers.Where(other => other.Name != name);
        return left.Count > 0 || always.Contains(name) ? Sorted([.. others, offer with { Ports = left }]) : [.. others];
    }

    /// <summary>Offers other services whatever their ports; those that listeners offer stay.</summary>
    public static IReadOnlyList<VipService> Replace(IReadOnlyList<VipService> offers, IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        Sorted(
        [
            .. offers.Where(offer => offer.Ports.Count > 0 || after.Contains(offer.Name) || !before.Contains(offer.Name)),
            .. after.Where(name => offers.All(offer => offer.Name != name)).Distinct().Select(name => new VipService { Name = name, Active = true }),
        ]);

    private static IReadOnlyList<VipService> Sorted(IEnumerable<VipService> offers) => [.. offers.OrderBy(offer => offer.Name, StringComparer.Ordinal)];
}
