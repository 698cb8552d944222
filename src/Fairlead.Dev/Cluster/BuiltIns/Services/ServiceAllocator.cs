using System.Net;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Services;

/// <summary>
/// Gives Services their addresses and node ports. What a request takes is provisional until <see cref="Commit"/>; the next
/// request undoes what was not committed, so a refused request leaks nothing.
/// </summary>
internal sealed class ServiceAllocator
{
    private readonly NodePorts _ports;
    private readonly List<Action> _undo = [];
    private string? _uncommittedCreation;

    public ServiceAllocator(BuiltInOptions options)
    {
        Ranges = [.. options.ServiceRanges.Select(n => new AddressRange(n))];
        _ports = new NodePorts(options.FirstNodePort, options.LastNodePort);
    }

    public IReadOnlyList<AddressRange> Ranges { get; }

    public AddressRange? RangeOf(string family) => Ranges.FirstOrDefault(r => r.Family == family);

    /// <summary>Starts a request: undoes what an earlier one took and did not commit.</summary>
    public void Begin(JsonObject service, JsonObject? old)
    {
        Undo();
        _uncommittedCreation = old is null ? service.Uid() : null;
    }

    /// <summary>Fills in the addresses and ports that <paramref name="service"/> needs and its stored form does not hold.</summary>
    public void Allocate(JsonObject service, JsonObject? old, Problems problems)
    {
        var spec = service.Ensure("spec");
        if (ServiceTraits.NeedsClusterIP(spec) && spec.Text("clusterIP") != "None")
            AllocateAddresses(spec, [.. old.Object("spec").Texts("clusterIPs")], problems);
        AllocatePorts(spec, old.Object("spec"), problems);
    }

    /// <summary>The request succeeded: what the stored form held and the new one does not becomes free.</summary>
    public void Commit(JsonObject service, JsonObject? old)
    {
        _undo.Clear();
        _uncommittedCreation = null;
        if (old is null)
            return;

        foreach (var address in Addresses(old).Except(Addresses(service)))
            GiveBack(address);
        foreach (var port in Ports(old).Except(Ports(service)))
            _ports.GiveBack(port);
    }

    public void Release(JsonObject service)
    {
        // A refused creation may name addresses that belong to others.
        Undo();
        if (_uncommittedCreation == service.Uid())
            return;
        foreach (var address in Addresses(service))
            GiveBack(address);
        foreach (var port in Ports(service))
            _ports.GiveBack(port);
    }

    private static IEnumerable<string> Addresses(JsonObject service) => service.Object("spec").Texts("clusterIPs");

    private static IEnumerable<long> Ports(JsonObject service) => PortsOf(service.Object("spec"));

    private static IEnumerable<long> PortsOf(JsonObject? spec) =>
        spec.Objects("ports").Select(p => p.Integer("nodePort") ?? 0).Append(spec.Integer("healthCheckNodePort") ?? 0).Where(p => p != 0).Distinct();

    private void Undo()
    {
        _undo.ForEach(undo => undo());
        _undo.Clear();
    }

    private void GiveBack(string address)
    {
        if (IPAddress.TryParse(address, out var parsed))
            RangeFor(parsed)?.GiveBack(parsed);
    }

    private AddressRange? RangeFor(IPAddress address) =>
        Ranges.FirstOrDefault(r => r.IsIPv6 == (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6));

    private void AllocateAddresses(JsonObject spec, HashSet<string> held, Problems problems)
    {
        var addresses = spec.Texts("clusterIPs").ToList();
        var families = spec.Texts("ipFamilies").ToList();
        for (var i = 0; i < families.Count; i++)
        {
            if (i < addresses.Count && held.Contains(addresses[i]))
                continue;
            if (RangeOf(families[i]) is not { } range)
                continue;
            if (i < addresses.Count)
                TakeGiven(range, addresses[i], spec["clusterIPs"], problems);
            else if (range.TakeNext() is { } next)
                addresses.Add(Undoable(next, () => GiveBack(next)));
            else
                problems.Invalid("spec.clusterIPs", spec["clusterIPs"], "failed to allocate IP: range is full");
        }

        if (addresses.Count == 0)
            return;

        spec["clusterIP"] = addresses[0];
        spec["clusterIPs"] = new JsonArray([.. addresses.Select(a => (JsonNode)a)]);
    }

    private void TakeGiven(AddressRange range, string text, JsonNode? shown, Problems problems)
    {
        if (!IPAddress.TryParse(text, out var address))
            return;

        if (range.Take(address) is { } fault)
            problems.Invalid("spec.clusterIPs", shown, $"failed to allocate IP {text}: {fault}");
        else
            Undoable(text, () => GiveBack(text));
    }

    private void AllocatePorts(JsonObject spec, JsonObject? old, Problems problems)
    {
        if (!ServiceTraits.MayHaveNodePorts(spec))
            return;

        var held = PortsOf(old).ToHashSet();
        var perProtocol = new Dictionary<long, HashSet<string>>();
        foreach (var (i, port) in spec.Indexed("ports"))
        {
            var protocol = port.Text("protocol") ?? "TCP";
            if (port.Integer("nodePort") is { } wanted and not 0)
            {
                // The same number may serve several protocols of one Service.
                var shared = perProtocol.TryGetValue(wanted, out var protocols) && protocols.Add(protocol);
                if (!shared && !held.Contains(wanted))
                    TakePort(wanted, $"spec.ports[{i}].nodePort", port["nodePort"], problems);
                perProtocol.TryAdd(wanted, [protocol]);
            }
            else if (ServiceTraits.NeedsNodePorts(spec))
            {
                TakeNextPort(spec, port, i, protocol, perProtocol, problems);
            }
        }

        if (ServiceTraits.NeedsHealthCheckPort(spec))
            AllocateHealthCheckPort(spec, held, problems);
    }

    private void TakeNextPort(
        JsonObject spec, JsonObject port, int index, string protocol, Dictionary<long, HashSet<string>> perProtocol, Problems problems)
    {
        // One port number offered over TCP and UDP gets one node port for both.
        var twin = spec.Objects("ports").Take(index).FirstOrDefault(p =>
            p.Integer("port") == port.Integer("port") && p.Text("protocol") != protocol && p.Integer("nodePort") is > 0);
        if (twin?.Integer("nodePort") is { } shared && perProtocol.TryGetValue(shared, out var protocols) && protocols.Add(protocol))
        {
            port["nodePort"] = shared;
            return;
        }

        if (_ports.TakeNext() is not { } next)
        {
            problems.Invalid($"spec.ports[{index}].nodePort", 0, "range is full");
            return;
        }

        port["nodePort"] = Undoable(next, () => _ports.GiveBack(next));
        perProtocol.TryAdd(next, [protocol]);
    }

    private void AllocateHealthCheckPort(JsonObject spec, HashSet<long> held, Problems problems)
    {
        if (spec.Integer("healthCheckNodePort") is { } wanted and not 0)
        {
            if (!held.Contains(wanted))
                TakePort(wanted, "spec.healthCheckNodePort", spec["healthCheckNodePort"], problems);
        }
        else if (_ports.TakeNext() is { } next)
        {
            spec["healthCheckNodePort"] = Undoable(next, () => _ports.GiveBack(next));
        }
    }

    private void TakePort(long port, string field, JsonNode? shown, Problems problems)
    {
        if (_ports.Take(port) is { } fault)
            problems.Invalid(field, shown, fault);
        else
            Undoable(port, () => _ports.GiveBack(port));
    }

    private T Undoable<T>(T taken, Action undo)
    {
        _undo.Add(undo);
        return taken;
    }
}
