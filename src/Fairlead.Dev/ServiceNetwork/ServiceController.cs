using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;
using Fairlead.Dev.Runner;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>Keeps a forwarder for each port of each Service that has endpoints.</summary>
internal sealed class ServiceController : IDisposable
{
    private const string SliceGroup = "discovery.k8s.io";
    private const string ServiceName = "kubernetes.io/service-name";

    // A port that somebody else holds may become free.
    private static readonly TimeSpan BindRetry = TimeSpan.FromSeconds(10);

    private readonly Dictionary<ObjectId, Dictionary<ServicePort, (IPortForwarder Forwarder, ServiceBackends Backends)>> _served = [];
    private readonly Dictionary<ServicePort, BackendChoice> _choices = [];
    private readonly ClusterView _view;
    private readonly KeyQueue _queue;
    private readonly int _lowPortOffset;
    private readonly PodEvents _events;

    /// <summary>The ports that take connections now.</summary>
    public ServedPorts Served { get; } = new();

    public ServiceController(ClusterView view, int lowPortOffset, PodEvents events)
    {
        (_view, _lowPortOffset, _events) = (view, lowPortOffset, events);
        _queue = new KeyQueue(view.Time);
        view.Cache("", "services").Changed += (id, _, _) => _queue.Add(id);
        view.Cache(SliceGroup, "endpointslices").Changed += (_, before, after) =>
        {
            foreach (var slice in new[] { before, after }.OfType<JsonObject>())
            {
                if (slice.Object("metadata").Object("labels").Text(ServiceName) is { } name)
                    _queue.Add(new ObjectId("", "services", slice.Namespace(), name));
            }
        };
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
                Reconcile(await _queue.TakeAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The network ends.
        }
    }

    public void Dispose()
    {
        _queue.Dispose();
        foreach (var (forwarder, _) in _served.Values.SelectMany(ports => ports.Values))
            forwarder.Dispose();
    }

    private void Reconcile(ObjectId id)
    {
        var service = _view.Cache("", "services").Get(id.Namespace, id.Name);
        var slices = _view.Cache(SliceGroup, "endpointslices").InNamespace(id.Namespace)
            .Where(s => s.Object("metadata").Object("labels").Text(ServiceName) == id.Name);
        var wanted = service is null ? [] : ServiceRouting.Of(service, slices);
        if (!_served.TryGetValue(id, out var served))
            _served[id] = served = [];

        // Without an active endpoint nobody listens, so that the system refuses connections itself.
        foreach (var port in served.Keys.Where(p => !wanted.TryGetValue(p, out var b) || b.Active.IsEmpty).ToList())
        {
            served[port].Forwarder.Dispose();
            served.Remove(port);
            Served.Remove(port);
        }

        foreach (var (port, backends) in wanted.Where(w => !w.Value.Active.IsEmpty))
            Serve(service!, id, served, port, backends);
        foreach (var port in _choices.Keys.Where(p => service is null && !wanted.ContainsKey(p) && !IsServed(p)).ToList())
            _choices.Remove(port);
        if (served.Count == 0)
            _served.Remove(id);
    }

    private bool IsServed(ServicePort port) => _served.Values.Any(ports => ports.ContainsKey(port));

    private void Serve(
        JsonObject service, ObjectId id, Dictionary<ServicePort, (IPortForwarder Forwarder, ServiceBackends Backends)> served, ServicePort port,
        ServiceBackends backends)
    {
        if (served.TryGetValue(port, out var known))
        {
            if (!known.Backends.IsSame(backends))
                known.Forwarder.Update(backends);
            served[port] = (known.Forwarder, backends);
            return;
        }

        var address = new IPEndPoint(port.Address, port.Port < LowPorts.FirstFree ? port.Port + _lowPortOffset : port.Port);
        try
        {
            served[port] = (Forwarder(port, address, backends), backends);
            Served.Add(port);
            if (address.Port != port.Port)
            {
                _events.Warning(
                    service, "LowPort",
                    $"port {port.Port} is served at {address}: ports below {LowPorts.FirstFree} need privileges that this process does not have; " +
                    "to have them, run \"sysctl -w net.ipv4.ip_unprivileged_port_start=0\" as root and start again");
            }
        }
        catch (SocketException e)
        {
            _events.Warning(service, "PortNotServed", $"port {port.Port} cannot be served at {address}: {e.Message}; end the program that uses it");
            _queue.AddAfter(id, BindRetry);
        }
    }

    private IPortForwarder Forwarder(ServicePort port, IPEndPoint address, ServiceBackends backends)
    {
        if (!_choices.TryGetValue(port, out var choice))
            _choices[port] = choice = new BackendChoice(_view.Time);
        return port.Protocol == ProtocolType.Tcp
            ? new TcpForwarder(address, backends, choice, _view.Time)
            : new UdpForwarder(address, backends, choice, _view.Time);
    }
}
