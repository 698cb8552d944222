using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Managed;
using Fairlead.Proxy.Tests.Tailscaled;
using Fairlead.Tailnet.Netstack.Udp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Proxy.Tests.Managed;

/// <summary>Flows of datagrams from the tailnet into the cluster, while the cluster or the rules change.</summary>
public sealed class IngressDatagramTests : ManagedProxyTest
{
    private static readonly IPAddress FirstBackend = IPAddress.Parse("127.96.7.1");
    private static readonly IPAddress SecondBackend = IPAddress.Parse("127.96.7.2");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_flow_whose_backend_goes_away_goes_on_when_that_is_back_at_the_same_port()
    {
        var backend = new UdpClient(new IPEndPoint(FirstBackend, 0));
        var port = PortOf(backend);
        var laptop = await JoinAsync("laptop");
        await StartProxyAsync("dns", ("TS_DEST_IP", FirstBackend.ToString()));
        await SeesAsync(laptop, "dns");
        using var client = laptop.ListenUdp(new IPEndPoint(IPAddress.Any, 0), new IPEndPoint((await laptop.ResolveAsync("dns", Stop))[0], port));
        Assert.Equal("one", await AskAsync(client, backend, "one"));

        // The system tells the proxy of each of these that nobody takes it.
        backend.Dispose();
        for (var lost = 0; lost < 20; lost++)
        {
            client.Send("lost"u8);
        }

        using var back = new UdpClient(new IPEndPoint(FirstBackend, port));
        Assert.Equal("two", await AskAsync(client, back, "two"));
        Assert.Equal("three", await AskAsync(client, back, "three"));
    }

    [Fact]
    public async Task A_flow_ends_with_the_rule_it_came_by_and_with_its_backend_but_not_for_others()
    {
        using var first = new UdpClient(new IPEndPoint(FirstBackend, 0));
        var port = PortOf(first);
        using var second = new UdpClient(new IPEndPoint(SecondBackend, port));
        var (laptop, proxy) = (await JoinAsync("laptop"), await JoinAsync("dns"));
        await SeesAsync(laptop, "dns");
        var own = proxy.Status.Addresses.First(address => address.AddressFamily == AddressFamily.InterNetwork);
        await using var forwarder = new NodeForwarder(Task.FromResult(proxy), [], [], null, default, TimeProvider.System, NullLogger.Instance);
        using var client = laptop.ListenUdp(new IPEndPoint(IPAddress.Any, 0), new IPEndPoint(own, port));

        await forwarder.ApplyAsync([new ForwardingRule.IngressToBackends(own, [FirstBackend])], Stop);
        var flow = await SourceAsync(client, first);
        await forwarder.ApplyAsync([new ForwardingRule.IngressToBackends(own, [FirstBackend, SecondBackend])], Stop);
        Assert.Equal(flow, await SourceAsync(client, first));

        await forwarder.ApplyAsync([new ForwardingRule.IngressToBackends(own, [SecondBackend])], Stop);
        Assert.Equal("elsewhere", await AskAsync(client, second, "elsewhere"));
        Drain(first);
        await SourceAsync(client, second);
        Assert.Equal(0, first.Available);

        await forwarder.ApplyAsync([], Stop);
        await Wait.UntilAsync("datagrams are refused", () => IsRefused(client));
        Drain(second);
        await Wait.UntilAsync("datagrams are refused again", () => IsRefused(client));
        Assert.Equal(0, second.Available);
    }

    /// <summary>Until the backend has got the question, which may be lost on its way, and the client the answer.</summary>
    private static async Task<string> AskAsync(UdpSocket client, UdpClient backend, string text)
    {
        await Wait.UntilAsync($"'{text}' has arrived", () =>
        {
            client.Send(Encoding.ASCII.GetBytes(text));
            return backend.Available > 0;
        });
        var question = await backend.ReceiveAsync(Stop).AsTask().WaitAsync(Limit, Stop);
        while (Encoding.ASCII.GetString(question.Buffer) != text)
        {
            question = await backend.ReceiveAsync(Stop).AsTask().WaitAsync(Limit, Stop);
        }

        await backend.SendAsync(question.Buffer, question.RemoteEndPoint, Stop);
        var buffer = new byte[64];
        while (true)
        {
            var answer = Encoding.ASCII.GetString(buffer, 0, (await client.ReceiveAsync(buffer, Stop).AsTask().WaitAsync(Limit, Stop)).Length);
            if (answer == text)
            {
                return answer;
            }
        }
    }

    private static async Task<IPEndPoint> SourceAsync(UdpSocket client, UdpClient backend)
    {
        client.Send("x"u8);
        return (await backend.ReceiveAsync(Stop).AsTask().WaitAsync(Limit, Stop)).RemoteEndPoint;
    }

    private static bool IsRefused(UdpSocket client)
    {
        try
        {
            client.Send("x"u8);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    private static void Drain(UdpClient backend)
    {
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (backend.Available > 0)
        {
            backend.Client.ReceiveFrom(new byte[64], ref from);
        }
    }

    private static int PortOf(UdpClient socket) => ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
}
