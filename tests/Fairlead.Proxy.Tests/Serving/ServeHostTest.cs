using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Serving;
using Fairlead.Proxy.Targets;
using Fairlead.Proxy.Tests.Managed;
using Fairlead.Tailnet.Nodes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Proxy.Tests.Serving;

/// <summary>A node that serves, without the process around it, and a laptop that knows it.</summary>
public abstract class ServeHostTest : ManagedProxyTest
{
    /// <summary>For what happens at once, or never.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly List<ServeHost> _hosts = [];

    protected TailnetNode Node { get; private set; } = null!;

    protected TailnetNode Laptop { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Node = await JoinAsync("app");
        Laptop = await JoinAsync("laptop");
        await SeesAsync(Laptop, "app");
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected ServeHost NewHost(TimeProvider time, ServingLimits limits, params IPAddress[] podAddresses)
    {
        var host = new ServeHost(
            Task.FromResult(Node), podAddresses, default, new ClusterSockets(new SystemNameResolver(), default, null), null, limits, time, NullLoggerFactory.Instance);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Whether the other end ends the connection, in whatever way, before it says anything.</summary>
    protected static async Task<bool> IsEndedAsync(Stream connection)
    {
        try
        {
            return await connection.ReadAsync(new byte[1], Stop).AsTask().WaitAsync(Limit, Stop) == 0;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return true;
        }
    }
}
