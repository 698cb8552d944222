using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.ServiceNetwork;

namespace Fairlead.Proxy.Tests.Managed;

/// <summary>What datagram flows cost that say nothing. Alone, since it is the whole heap that is measured.</summary>
[CollectionDefinition(nameof(IdleFlowMemoryTests), DisableParallelization = true)]
[Collection(nameof(IdleFlowMemoryTests))]
public sealed class IdleFlowMemoryTests : ManagedProxyTest
{
    [Fact]
    public async Task A_thousand_clients_with_nothing_to_say_hold_no_buffers()
    {
        const int Clients = 1000;
        var names = await JoinAsync("names");
        using var socket = names.ListenUdp(53);
        using var network = LoopbackNetwork.Claim();
        await StartProxyAsync(
            "egress", ("TS_TAILNET_TARGET_FQDN", names.Status.Name), ("FAIRLEAD_EGRESS_PORTS", "53/udp"), ("POD_IP", network.NodeAddress.ToString()));
        var clients = Enumerable.Range(0, Clients).Select(_ => new UdpClient(AddressFamily.InterNetwork)).ToList();
        await AskAsync(clients[0]);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        foreach (var client in clients)
        {
            await AskAsync(client);
        }

        // Two sockets, a flow in the table and its wait: far from a datagram's buffer of 64 KiB each way.
        Assert.InRange((GC.GetTotalMemory(forceFullCollection: true) - before) / Clients, 0, 8 * 1024);
        clients.ForEach(client => client.Dispose());

        async Task AskAsync(UdpClient client)
        {
            await client.SendAsync("?"u8.ToArray(), new IPEndPoint(network.NodeAddress, 53), Stop);
            var received = await socket.ReceiveAsync(new byte[16], Stop);
            socket.SendTo("!"u8, received.RemoteEndPoint);
            Assert.Equal("!"u8.ToArray(), (await client.ReceiveAsync(Stop)).Buffer);
        }
    }
}
